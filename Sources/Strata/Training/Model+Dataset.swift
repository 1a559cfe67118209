extension Model {
    /// Trains the model on batches as they come, from files or a sequence of one's own.
    ///
    /// ```swift
    /// let (train, test) = try imageDatasets(fromDirectory: "photos", seed: 1, validationSplit: 0.2)
    /// try model.fit(train, epochs: 20, validationData: test)
    /// ```
    ///
    /// - Parameters:
    ///   - data: what is learned from; it says itself how it is batched and shuffled.
    ///   - epochs: the number of the last epoch; how many there are unless `initialEpoch` is given.
    ///   - verbose: how progress is shown; where steps wait for data, it tells for how much of the
    ///     time.
    ///   - callbacks: what looks on.
    ///   - validationData: what to evaluate on after every epoch.
    ///   - classWeight: by what the loss of each class is multiplied; 1 where a class is missing.
    ///   - initialEpoch: the first epoch's number, to go on where another `fit` ended.
    ///   - stepsPerEpoch: batches in an epoch, the next of which goes on behind them; all of the data
    ///     if left out.
    ///   - validationSteps: batches of validation; all of the data if left out.
    ///   - validationFrequency: validates after every so many epochs.
    /// - Returns: the logs of every epoch.
    /// - Throws: a ``ModelError`` where a batch does not fit, a ``GraphError`` where the model cannot work
    ///   on it, what a callback throws, what goes wrong when data is read, or `CancellationError` where the task
    ///   was cancelled; what was trained until then stays in the model.
    @discardableResult
    public func fit(
        _ data: any Dataset, epochs: Int = 1, verbose: Verbosity = .automatic,
        callbacks: [Callback] = [], validationData: (any Dataset)? = nil,
        classWeight: [Int: Float]? = nil, initialEpoch: Int = 0, stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil, validationFrequency: Int = 1
    ) throws -> History {
        try fitRun(
            data, validationData: validationData, classWeight: classWeight,
            stepsPerEpoch: stepsPerEpoch, validationSteps: validationSteps,
            plan: FitRun.Plan(
                epochs: epochs, initialEpoch: initialEpoch,
                validationFrequency: validationFrequency, verbosity: verbose, callbacks: callbacks)
        ).run()
    }

    /// A run of `fit`, with its arguments checked.
    func fitRun(
        _ data: any Dataset, validationData: (any Dataset)?, classWeight: [Int: Float]?,
        stepsPerEpoch: Int? = nil, validationSteps: Int? = nil, plan: FitRun.Plan
    ) throws -> FitRun {
        try Model.check(positive: [
            ("stepsPerEpoch", stepsPerEpoch ?? 1), ("validationSteps", validationSteps ?? 1),
        ])
        takeClassNames(data.classNames)
        return FitRun(
            self,
            samples: DatasetEpochs(
                data, self, classWeight: classWeight, steps: stepsPerEpoch, goesOn: true,
                lastEpoch: plan.epochs.upperBound - 1),
            validation: validationData.map { DatasetEpochs($0, self, steps: validationSteps) },
            plan: plan)
    }

    /// The loss and the metrics of batches as they come.
    ///
    /// - Parameters:
    ///   - data: the samples with what should come out.
    ///   - verbose: how progress is shown.
    ///   - steps: how many batches; all of the data if left out.
    ///   - callbacks: what looks on.
    /// - Returns: values by name: `loss`, `accuracy`.
    /// - Throws: as ``fit(_:epochs:verbose:callbacks:validationData:classWeight:initialEpoch:stepsPerEpoch:validationSteps:validationFrequency:)``.
    @discardableResult
    public func evaluate(
        _ data: any Dataset, verbose: Verbosity = .automatic, steps: Int? = nil,
        callbacks: [Callback] = []
    ) throws -> Logs {
        try Model.check(positive: [("steps", steps ?? 1)])
        return try during(.evaluating) {
            try evaluate(DatasetEpochs(data, self, steps: steps), verbose, callbacks)
        }
    }

    /// What the model computes for batches as they come, whose targets are not looked at.
    ///
    /// - Parameters:
    ///   - data: the samples.
    ///   - verbose: how progress is shown.
    ///   - steps: how many batches; all of the data if left out.
    ///   - callbacks: what looks on.
    /// - Returns: for each output `float32 [count, …]`, in the order of the data's first epoch.
    /// - Throws: a ``ModelError`` where a batch does not fit, or what goes wrong when data is read.
    public func predict(
        _ data: any Dataset, verbose: Verbosity = .silent, steps: Int? = nil,
        callbacks: [Callback] = []
    ) throws -> [Tensor] {
        try Model.check(positive: [("steps", steps ?? 1)])
        var batches = try data.batches(inEpoch: 0)
        stopRequest.clear()
        let outputs = try predictions(
            DatasetEpochs(data, self, steps: steps).stepCount, verbose, callbacks
        ) { _ in
            guard let batch = try batches.next() else { return nil }
            return { try self.predictOnBatch(batch.x) }
        }
        if outputs.isEmpty { throw ModelError(.noSamples) }
        return outputs
    }

    static func check(positive values: [(name: String, value: Int)]) throws {
        for (name, value) in values where value < 1 {
            throw ModelError(.invalidArgument("\(name) is \(value)", fix: "use 1 or more"))
        }
    }
}
