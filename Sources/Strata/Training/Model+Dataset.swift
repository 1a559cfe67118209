extension Model {
    /// Trains the model on a data set, from files or a custom sequence.
    ///
    /// ```swift
    /// let (train, test) = try imageDatasets(fromDirectory: "photos", seed: 1, validationSplit: 0.2)
    /// try model.fit(train, epochs: 20, validationData: test)
    /// ```
    ///
    /// - Parameters:
    ///   - data: the training data, which determines batches and shuffling.
    ///   - epochs: the number of epochs, including those before `initialEpoch`.
    ///   - verbose: how progress is shown, with the time spent waiting for data.
    ///   - callbacks: called at the start and end of epochs and batches.
    ///   - validationData: data for evaluation after every epoch.
    ///   - classWeight: the weight of each class in the loss; 1 for missing classes.
    ///   - initialEpoch: the index of the first epoch, to continue an earlier `fit`.
    ///   - stepsPerEpoch: batches in an epoch, after which the next epoch continues; all of the
    ///     data if left out.
    ///   - validationSteps: batches of validation; all of the data if left out.
    ///   - validationFrequency: the number of epochs from one validation to the next.
    /// - Returns: the logs of every epoch.
    /// - Throws: a ``ModelError`` if a batch does not fit, a ``GraphError`` if the model cannot
    ///   process it, an error of a callback or of reading data, or `CancellationError` if the task
    ///   was cancelled; the model keeps what it has learned.
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

    /// The loss and the metrics of a data set.
    ///
    /// - Parameters:
    ///   - data: the samples with their targets.
    ///   - verbose: how progress is shown.
    ///   - steps: the number of batches; all of the data if left out.
    ///   - callbacks: called at the start and end of epochs and batches.
    /// - Returns: values by name: `loss`, `accuracy`.
    /// - Throws: as
    ///   ``fit(_:epochs:verbose:callbacks:validationData:classWeight:initialEpoch:stepsPerEpoch:validationSteps:validationFrequency:)``.
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

    /// Predicts for a data set, whose targets are not used.
    ///
    /// - Parameters:
    ///   - data: the samples.
    ///   - verbose: how progress is shown.
    ///   - steps: the number of batches; all of the data if left out.
    ///   - callbacks: called at the start and end of epochs and batches.
    /// - Returns: for each output, `float32 [count, …]`, in the order of the data's first epoch.
    /// - Throws: a ``ModelError`` if a batch does not fit, or an error of reading data.
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
