extension Model {
    /// Trains the model on samples in memory.
    ///
    /// Ends early when ``stopRequest`` is set, and with a `CancellationError` when its task is
    /// cancelled. Both are checked after every step, and the model keeps what it has learned.
    /// However training ends, callbacks are notified of it. The same seed (``setRandomSeed(_:)``)
    /// gives the same bits.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`; `uint8` images are converted batch by batch.
    ///   - y: the targets: classes `[count]` or `[count, 1]` for a sparse loss, otherwise rows.
    ///   - batchSize: samples in a step, 1 or more.
    ///   - epochs: the number of epochs, including those before `initialEpoch`.
    ///   - verbose: how progress is shown.
    ///   - callbacks: called at the start and end of epochs and batches.
    ///   - validationSplit: the fraction at the end for validation, 0 ..< 1; neither part may be
    ///     empty.
    ///   - validationData: samples for evaluation after every epoch; overrides `validationSplit`.
    ///   - shuffle: whether samples are shuffled in every epoch.
    ///   - classWeight: the weight of each class in the training loss, 0 or more; 1 for missing
    ///     classes.
    ///   - sampleWeight: the weight of each sample in the loss, 0 or more, `[count]`.
    ///   - initialEpoch: the index of the first epoch, 0 or more, to continue an earlier `fit`.
    ///   - stepsPerEpoch: batches in an epoch; all of the data if left out.
    ///   - validationSteps: batches of validation; all of the data if left out.
    ///   - validationBatchSize: `batchSize` if left out.
    ///   - validationFrequency: the number of epochs from one validation to the next.
    /// - Returns: the logs of every epoch.
    /// - Throws: a ``ModelError`` if the data does not fit, a ``GraphError`` if the model cannot
    ///   process it, or an error of a callback.
    @discardableResult
    public func fit(
        _ x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .automatic, callbacks: [Callback] = [], validationSplit: Double = 0,
        validationData: (x: Tensor, y: Tensor)? = nil, shuffle: Bool = true,
        classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil, initialEpoch: Int = 0,
        stepsPerEpoch: Int? = nil, validationSteps: Int? = nil, validationBatchSize: Int? = nil,
        validationFrequency: Int = 1
    ) throws -> History {
        try fit(
            [x], [y], batchSize: batchSize, epochs: epochs, verbose: verbose, callbacks: callbacks,
            validationSplit: validationSplit,
            validationData: validationData.map { ([$0.x], [$0.y], nil) }, shuffle: shuffle,
            classWeight: classWeight, sampleWeight: sampleWeight, initialEpoch: initialEpoch,
            stepsPerEpoch: stepsPerEpoch, validationSteps: validationSteps,
            validationBatchSize: validationBatchSize, validationFrequency: validationFrequency)
    }

    /// Trains a model with several inputs or outputs.
    ///
    /// `x` and `y` have one tensor for each input and output, and `validationData` optionally
    /// sample weights; the other parameters are those of the method for one.
    @discardableResult
    public func fit(
        _ x: [Tensor], _ y: [Tensor], batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .automatic, callbacks: [Callback] = [], validationSplit: Double = 0,
        validationData: (x: [Tensor], y: [Tensor], sampleWeight: Tensor?)? = nil,
        shuffle: Bool = true, classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil,
        initialEpoch: Int = 0, stepsPerEpoch: Int? = nil, validationSteps: Int? = nil,
        validationBatchSize: Int? = nil, validationFrequency: Int = 1
    ) throws -> History {
        try fitRun(
            x, y, batchSize: batchSize, validationSplit: validationSplit,
            validationData: validationData, shuffle: shuffle, classWeight: classWeight,
            sampleWeight: sampleWeight, stepsPerEpoch: stepsPerEpoch,
            validationSteps: validationSteps, validationBatchSize: validationBatchSize,
            plan: FitRun.Plan(
                epochs: epochs, initialEpoch: initialEpoch,
                validationFrequency: validationFrequency, verbosity: verbose, callbacks: callbacks)
        ).run()
    }

    /// A run of `fit`, with its arguments checked.
    func fitRun(
        _ x: [Tensor], _ y: [Tensor], batchSize: Int, validationSplit: Double,
        validationData: (x: [Tensor], y: [Tensor], sampleWeight: Tensor?)?, shuffle: Bool,
        classWeight: [Int: Float]?, sampleWeight: Tensor?, stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil, validationBatchSize: Int? = nil, plan: FitRun.Plan
    ) throws -> FitRun {
        try Model.check(positive: [
            ("batchSize", batchSize), ("stepsPerEpoch", stepsPerEpoch ?? 1),
            ("validationSteps", validationSteps ?? 1),
            ("validationBatchSize", validationBatchSize ?? 1),
        ])
        guard validationSplit >= 0, validationSplit < 1 else {
            throw ModelError(
                .invalidArgument(
                    "validationSplit is \(validationSplit)", fix: "use a fraction from 0 to below 1"
                ))
        }
        var data = try TrainingData(x, y, sampleWeight: sampleWeight, for: self)
        var validation: TrainingData?
        if let given = validationData {
            validation = try TrainingData(
                given.x, given.y, sampleWeight: given.sampleWeight, for: self)
        } else if validationSplit > 0 {
            let (training, rest) = try data.split(validationSplit: validationSplit)
            (data, validation) = (training, rest)
        }
        // Class weights apply to training only, not to validation.
        if let classWeight { try data.weigh(byClass: classWeight) }
        return FitRun(
            self,
            samples: ArrayEpochs(
                data, batchSize: batchSize, isShuffled: shuffle, steps: stepsPerEpoch),
            validation: validation.map {
                ArrayEpochs(
                    inOrder: $0, batchSize: validationBatchSize ?? batchSize,
                    steps: validationSteps)
            }, plan: plan)
    }
}

extension FitRun.Plan {
    /// - Throws: a ``ModelError`` if an argument is out of range.
    init(
        epochs: Int, initialEpoch: Int, validationFrequency: Int, verbosity: Verbosity,
        callbacks: [Callback]
    ) throws {
        try Model.check(positive: [
            ("epochs", epochs), ("validationFrequency", validationFrequency),
        ])
        guard initialEpoch >= 0 else {
            throw ModelError(
                .invalidArgument("initialEpoch is \(initialEpoch)", fix: "use 0 or more"))
        }
        self.init(
            epochs: initialEpoch..<max(epochs, initialEpoch),
            validationFrequency: validationFrequency, verbosity: verbosity, callbacks: callbacks)
    }
}

extension TrainingData {
    /// The samples for training, and those at the end for validation.
    ///
    /// - Throws: a ``ModelError`` that names the part that would be empty.
    fileprivate func split(validationSplit: Double) throws -> (TrainingData, TrainingData) {
        let split = trainingCount(of: count, validationSplit: validationSplit)
        for (part, size) in [("training", split), ("validation", count - split)] where size == 0 {
            throw ModelError(
                .invalidArgument(
                    "validationSplit \(validationSplit) of \(count) samples leaves none for \(part)",
                    fix: "use another fraction, more samples, or validationData"))
        }
        return self.split(at: split)
    }
}

/// How many of `count` samples are trained on where the fraction `validationSplit` at the end is kept
/// for validation, by the arithmetic of Keras 3.15.1 `train_validation_split`.
package func trainingCount(of count: Int, validationSplit: Double) -> Int {
    Int((Double(count) * (1 - validationSplit)).rounded(.down))
}
