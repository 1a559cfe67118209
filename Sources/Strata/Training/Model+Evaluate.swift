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
            isFirstRank ? callbacks : [], model: self, steps: samples.stepCount ?? 0,
            verbosity: verbosity)
        // Those of a training that goes on afterwards.
        let acts = session?.callbacksActOnBatches
        defer { if let acts { session?.callbacksActOnBatches = acts } }
        return try together {
            var sources = [samples]
            try prepareRanks(&sources, list) { try $0[0].prepare(self, epoch: 0) }
            var evaluation = try Evaluation(
                self, sources[0], verbosity: isFirstRank ? verbosity : .silent, callbacks: list)
            while try evaluation.step() {}
            return try evaluation.finish()
        }
    }

    /// Lets several ranks agree before their first step.
    func agreeOnce(on data: TrainingData) throws {
        guard let session, !session.isAgreed else { return }
        var sources: [any EpochSource] = []
        try session.shareSeeds(of: self, &sources)
        try session.agree(self, on: data.digest)
    }

    /// Prepares data; several ranks agree on seeds before and on what they train after it.
    func prepareRanks(
        _ sources: inout [any EpochSource], _ callbacks: CallbackList, plan: String = "",
        _ prepare: (inout [any EpochSource]) throws -> Void
    ) throws {
        try session?.shareSeeds(of: self, &sources)
        try prepare(&sources)
        try session?.agree(self, on: (sources.map(\.digest) + [plan]).joined(separator: "; "))
        try session?.start(self, callbacks)
    }
}

/// One evaluation, step by step.
struct Evaluation {
    private let model: Model
    private let callbacks: CallbackList
    private var runner: EpochRunner
    private var bar: ProgressDisplay

    init(
        _ model: Model, _ samples: any EpochSource, verbosity: Verbosity, callbacks: CallbackList
    ) throws {
        var samples = samples
        try samples.prepare(model, epoch: 0)
        try model.resetMetrics()
        self.model = model
        self.callbacks = callbacks
        runner = EpochRunner(
            model: model, mode: .test, callbacks: callbacks, steps: try samples.epoch(0))
        bar = ProgressDisplay(
            callbacks.ownVerbosity(verbosity), title: nil, steps: samples.stepCount)
        try model.deciding {
            try callbacks.each { try $0.onTestBegin() }
            return [:]
        }
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
        try model.deciding {
            try callbacks.each { try $0.onTestEnd(logs: logs) }
            return [:]
        }
        return logs
    }
}
