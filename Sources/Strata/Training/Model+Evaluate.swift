extension Model {
    /// The loss and the metrics of samples in memory.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`.
    ///   - y: what should come out.
    ///   - batchSize: samples in a step, 1 or more.
    ///   - verbose: how progress is shown.
    ///   - sampleWeight: by what the loss of each sample is multiplied, `[count]`.
    ///   - steps: how many batches; all of the data if left out.
    ///   - callbacks: what looks on.
    /// - Returns: values by name: `loss`, `accuracy`.
    /// - Throws: a ``ModelError`` where the data does not fit.
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
        guard batchSize > 0, steps ?? 1 > 0 else {
            throw ModelError(
                .invalidArgument("batchSize or steps is below 1", fix: "use 1 or more"))
        }
        let data = try TrainingData(
            x, y, sampleWeight: sampleWeight, classWeight: nil, for: self)
        stopRequest.clear()
        let samples = ArrayEpochs(inOrder: data, batchSize: batchSize, steps: steps)
        return try evaluate(
            samples, verbosity: verbose,
            callbacks: CallbackList(
                callbacks, model: self, steps: samples.stepCount ?? 0, verbosity: verbose))
    }

    func evaluate(
        _ samples: any EpochSource, verbosity: Verbosity, callbacks: CallbackList
    ) throws -> Logs {
        var samples = samples
        try samples.prepare(self, epoch: 0)
        resetMetrics()
        var steps = try samples.epoch(0)
        var bar = ProgressDisplay(
            callbacks.ownVerbosity(verbosity), title: nil, steps: samples.stepCount)
        try callbacks.each { try $0.onTestBegin() }
        let runner = EpochRunner(model: self, mode: .test, callbacks: callbacks)
        let logs = try runner.run(&steps) { bar.update($0, $1) }
        bar.finish(logs, waiting: steps.waiting)
        try callbacks.each { try $0.onTestEnd(logs: logs) }
        return logs
    }
}
