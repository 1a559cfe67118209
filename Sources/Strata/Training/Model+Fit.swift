/// How `fit`, `evaluate` and `predict` show their progress on standard output.
public enum Verbosity: Sendable, Hashable {
    /// A bar on a terminal, a line for each epoch elsewhere.
    case automatic
    case silent
    /// A bar that is drawn again and again.
    case bar
    /// A line for each epoch.
    case line
}

extension Model {
    /// Trains the model on samples in memory.
    ///
    /// Ends early when ``stopRequest`` is set. However it ends, callbacks see the end of training. The
    /// bits of the result follow from the seed (``setRandomSeed(_:)``).
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`; `uint8` pictures are converted batch by batch.
    ///   - y: what should come out: classes `[count]` or `[count, 1]` for a sparse loss, else rows.
    ///   - batchSize: samples in a step, 1 or more.
    ///   - epochs: the number of the last epoch; how many there are unless `initialEpoch` is given.
    ///   - verbose: how progress is shown.
    ///   - callbacks: what looks on.
    ///   - validationSplit: the fraction at the end that is kept for validation, 0 ..< 1.
    ///   - validationData: samples to evaluate on after every epoch; goes before `validationSplit`.
    ///   - shuffle: whether every epoch has an order of its own.
    ///   - classWeight: by what the loss of each class is multiplied; 1 where a class is missing.
    ///   - sampleWeight: by what the loss of each sample is multiplied, `[count]`.
    ///   - initialEpoch: the first epoch's number, to go on where another `fit` ended.
    ///   - stepsPerEpoch: batches in an epoch; all of the data if left out.
    ///   - validationSteps: batches of validation; all of the data if left out.
    ///   - validationBatchSize: `batchSize` if left out.
    ///   - validationFrequency: validates after every so many epochs.
    /// - Returns: the logs of every epoch.
    /// - Throws: a ``ModelError`` where the data does not fit, a ``GraphError`` where the model cannot
    ///   work on it, or what a callback throws.
    @discardableResult
    public func fit(
        _ x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .automatic, callbacks: [Callback] = [], validationSplit: Float = 0,
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
    /// `x` and `y` hold one tensor for each input and output, and `validationData` perhaps weights for
    /// its samples; the other parameters are those of the method for one.
    @discardableResult
    public func fit(
        _ x: [Tensor], _ y: [Tensor], batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .automatic, callbacks: [Callback] = [], validationSplit: Float = 0,
        validationData: (x: [Tensor], y: [Tensor], sampleWeight: Tensor?)? = nil,
        shuffle: Bool = true, classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil,
        initialEpoch: Int = 0, stepsPerEpoch: Int? = nil, validationSteps: Int? = nil,
        validationBatchSize: Int? = nil, validationFrequency: Int = 1
    ) throws -> History {
        try Model.check(positive: [
            ("batchSize", batchSize), ("epochs", epochs), ("stepsPerEpoch", stepsPerEpoch ?? 1),
            ("validationSteps", validationSteps ?? 1),
            ("validationBatchSize", validationBatchSize ?? 1),
            ("validationFrequency", validationFrequency),
        ])
        guard validationSplit >= 0, validationSplit < 1 else {
            throw ModelError(
                .invalidArgument(
                    "validationSplit is \(validationSplit)", fix: "use a fraction from 0 to below 1"
                ))
        }
        var data = try TrainingData(
            x, y, sampleWeight: sampleWeight, classWeight: classWeight, for: self)
        var validation: TrainingData?
        if let given = validationData {
            validation = try TrainingData(
                given.x, given.y, sampleWeight: given.sampleWeight, classWeight: nil, for: self)
        } else if validationSplit > 0 {
            let split = trainingCount(of: data.count, validationSplit: validationSplit)
            guard split > 0 else { throw ModelError(.noSamples) }
            let parts = data.split(at: split)
            (data, validation) = (parts.0, parts.1.count > 0 ? parts.1 : nil)
        }
        let epochRange = initialEpoch..<max(epochs, initialEpoch)
        let loop = FitLoop(
            model: self,
            samples: ArrayEpochs(
                data, batchSize: batchSize, isShuffled: shuffle, steps: stepsPerEpoch),
            validation: validation.map {
                ArrayEpochs(
                    inOrder: $0, batchSize: validationBatchSize ?? batchSize,
                    steps: validationSteps)
            },
            epochs: epochRange, validationFrequency: validationFrequency, verbosity: verbose)
        return try loop.run(callbacks)
    }
}

/// The loop over epochs.
struct FitLoop {
    let model: Model
    let samples: any EpochSource
    let validation: (any EpochSource)?
    let epochs: Range<Int>
    let validationFrequency: Int
    let verbosity: Verbosity

    func run(_ callbacks: [Callback]) throws -> History {
        model.stopRequest.clear()
        model.prepareTraining()
        model.resumedEpoch = nil
        var samples = samples
        try samples.prepare(model, epoch: epochs.lowerBound)
        let list = CallbackList(
            callbacks, model: model, epochs: epochs.upperBound, steps: samples.stepCount ?? 0,
            verbosity: verbosity)
        model.history = History()
        var last: Logs = [:]
        do {
            try list.each { try $0.onTrainBegin() }
            for epoch in min(
                model.resumedEpoch ?? epochs.lowerBound, epochs.upperBound)..<epochs
                .upperBound
            {
                last = try runEpoch(epoch, list, &samples)
                if model.stopRequest.isSet { break }
            }
        } catch {
            // The first error tells what went wrong; one at the end only what followed from it.
            model.stopRequest.set()
            try? list.trainEnd(logs: last)
            throw error
        }
        model.compilation?.optimizerState?.finalize()
        try list.trainEnd(logs: last)
        return model.history ?? History()
    }

    private func runEpoch(_ epoch: Int, _ list: CallbackList, _ samples: inout any EpochSource)
        throws -> Logs
    {
        var bar = ProgressDisplay(
            list.ownVerbosity(verbosity), title: "Epoch \(epoch + 1)/\(epochs.upperBound)",
            steps: samples.stepCount)
        model.resetMetrics()
        try list.each { try $0.onEpochBegin(epoch) }
        let runner = EpochRunner(model: model, mode: .train, callbacks: list)
        var steps = try samples.epoch(epoch)
        var logs = try runner.run(&steps) { bar.update($0, $1) }
        if let validation, (epoch + 1) % validationFrequency == 0, !model.stopRequest.isSet {
            let result = try model.evaluate(validation, verbosity: .silent, callbacks: list)
            // A validation that was cut short says nothing about the weights.
            if !model.stopRequest.isSet {
                for (name, value) in result { logs["val_\(name)"] = value }
            }
        }
        bar.finish(logs, waiting: steps.waiting)
        defer { model.history?.append(epoch, logs, of: model) }
        try list.epochEnd(epoch, logs: &logs)
        return logs
    }
}

/// How many of `count` samples are trained on where the fraction `validationSplit` at the end is kept
/// for validation.
package func trainingCount(of count: Int, validationSplit: Float) -> Int {
    Int(Double(count) * (1 - Double(validationSplit)))
}
