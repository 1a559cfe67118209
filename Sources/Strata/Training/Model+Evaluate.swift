extension Model {
    /// The loss and the metrics of samples in memory.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`.
    ///   - y: the targets.
    ///   - batchSize: samples in a step, 1 or more.
    ///   - verbose: how progress is shown.
    ///   - sampleWeight: the weight of each sample in the loss, `[count]`.
    ///   - steps: the number of batches; all of the data if left out.
    ///   - callbacks: called at the start and end of epochs and batches.
    /// - Returns: values by name: `loss`, `accuracy`.
    /// - Throws: a ``ModelError`` if the data does not fit; `CancellationError` if the task was
    ///   cancelled.
    @discardableResult
    public func evaluate(
        _ x: Tensor, _ y: Tensor, batchSize: Int = 32, verbose: Verbosity = .automatic,
        sampleWeight: Tensor? = nil, steps: Int? = nil, callbacks: [Callback] = []
    ) throws -> Logs {
        try evaluate(
            [x], [y], batchSize: batchSize, verbose: verbose, sampleWeight: sampleWeight,
            steps: steps, callbacks: callbacks)
    }

    /// The loss and the metrics of a model with several inputs or outputs.
    @discardableResult
    public func evaluate(
        _ x: [Tensor], _ y: [Tensor], batchSize: Int = 32, verbose: Verbosity = .automatic,
        sampleWeight: Tensor? = nil, steps: Int? = nil, callbacks: [Callback] = []
    ) throws -> Logs {
        try Model.check(positive: [("batchSize", batchSize), ("steps", steps ?? 1)])
        let data = try TrainingData(
            x, y, sampleWeight: sampleWeight, for: self)
        return try during(.computing) {
            try evaluate(
                ArrayEpochs(inOrder: data, batchSize: batchSize, steps: steps), verbose, callbacks)
        }
    }

    func evaluate(
        _ samples: any EpochSource, _ verbosity: Verbosity, _ callbacks: [Callback]
    ) throws -> Logs {
        stopRequest.clear()
        let list = CallbackList(
            callbacks, model: self, steps: samples.stepCount ?? 0, verbosity: verbosity)
        var evaluation = try Evaluation(self, samples, verbosity: verbosity, callbacks: list)
        while try evaluation.step() {}
        return try evaluation.finish()
    }
}

/// One evaluation, step by step.
struct Evaluation {
    private let callbacks: CallbackList
    private var runner: EpochRunner
    private var bar: ProgressDisplay

    init(
        _ model: Model, _ samples: any EpochSource, verbosity: Verbosity, callbacks: CallbackList
    ) throws {
        var samples = samples
        try samples.prepare(model, epoch: 0)
        try model.resetMetrics()
        self.callbacks = callbacks
        runner = EpochRunner(
            model: model, mode: .test, callbacks: callbacks, steps: try samples.epoch(0))
        bar = ProgressDisplay(
            callbacks.ownVerbosity(verbosity), title: nil, steps: samples.stepCount)
        try callbacks.each { try $0.onTestBegin() }
    }

    /// Runs the next step; `false` if there are no more.
    mutating func step() throws -> Bool {
        guard try runner.step() else { return false }
        bar.update(runner.count) { [runner] in runner.logs }
        return true
    }

    /// - Returns: the loss and the metrics.
    mutating func finish() throws -> Logs {
        let logs = runner.logs
        bar.finish(logs, waiting: runner.waiting)
        try callbacks.each { try $0.onTestEnd(logs: logs) }
        return logs
    }
}
