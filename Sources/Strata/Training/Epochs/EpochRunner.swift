/// Runs the steps of one epoch, for training or evaluation.
struct EpochRunner {
    let model: Model
    let mode: StepGraph.Mode
    let callbacks: CallbackList
    /// The number of the epoch; `nil` in an evaluation.
    private let epoch: Int?
    private var steps: any StepIterator
    private var latest: StepRunner?
    private var isOver = false
    /// The number of steps so far.
    private(set) var count: Int
    /// What is remarkable about the first batch with a loss that is not finite, or empty.
    private(set) var badBatch: String?
    /// The logs of the steps before the first one, in an epoch that was interrupted.
    private let logsBefore: Logs

    /// - Parameters:
    ///   - epoch: the number of the epoch, for errors; `nil` in an evaluation.
    ///   - steps: the steps, in order.
    ///   - done: the number and the logs of the steps before them, in an epoch that was interrupted.
    init(
        model: Model, mode: StepGraph.Mode, callbacks: CallbackList, epoch: Int? = nil,
        steps: any StepIterator,
        after done: (count: Int, logs: Logs) = (0, Logs())
    ) {
        self.model = model
        self.mode = mode
        self.callbacks = callbacks
        self.epoch = epoch
        self.steps = steps
        (count, logsBefore) = done
    }

    /// Runs the next step.
    ///
    /// - Returns: `false` after the last one, and after a request to stop.
    /// - Throws: `CancellationError` if the task was cancelled.
    mutating func step() throws -> Bool {
        try Task.checkCancellation()
        guard !isOver, let step = try steps.next() else { return false }
        try notify { try callbacks.batchBegin(count, mode) }
        do {
            latest = try model.run(mode, step)
        } catch var error as NumericsError {
            (error.epoch, error.step) = (epoch.map { $0 + 1 }, count + 1)
            throw error
        }
        try notify { try callbacks.batchEnd(count, mode, logs) }
        count += 1
        if mode == .train, badBatch == nil, loss?.isFinite == false { badBatch = step.remark }
        isOver = model.isStopping
        return true
    }

    /// Notifies the callbacks; of several ranks, all of them wait for what may come of it.
    private func notify(_ body: () throws -> Void) throws {
        if let session = model.session, session.callbacksActOnBatches {
            try session.decide(for: model) {
                try body()
                return [:]
            }
        } else if !callbacks.isEmpty {
            try body()
        }
    }

    /// The logs so far.
    var logs: Logs { latest.map(model.gathered) ?? logsBefore }

    /// The mean loss so far.
    var loss: Float? { latest?.scalar(0) ?? logsBefore["loss"] }

    /// The time that the steps waited for data.
    var waiting: Duration { steps.waiting }
}

extension StepData {
    /// Copies the samples to the inputs of a step.
    fileprivate func feed(_ runner: StepRunner) {
        for (index, tensor) in data.inputs.enumerated() {
            runner.feed(StepGraph.inputName(index), tensor, rows: rows)
        }
        for (index, tensor) in data.targets.enumerated() {
            runner.feed(StepGraph.targetName(index), tensor, rows: rows)
        }
        for (index, tensor) in data.weights.enumerated() {
            if let tensor { runner.feed(StepGraph.weightName(index), tensor, rows: rows) }
        }
    }
}

extension Model {
    /// Runs one step on some samples.
    func run(_ mode: StepGraph.Mode, _ step: StepData) throws -> StepRunner {
        let step = step.divided(for: ranks)
        let (data, rows) = (step.data, step.rows)
        let inputs = data.inputs.map { $0.type(rows: rows.count) }
        let targets = data.targets.map { $0.type(rows: rows.count) }
        let weights = data.weights.map { $0?.type(rows: rows.count) }
        let runner = try runner(mode, inputs: inputs, targets: targets, weights: weights)
        step.feed(runner)
        if mode == .train { try prepareStep() }
        if let session, let share = step.share {
            guard !debugNumerics else {
                throw ModelError(
                    .invalidArgument(
                        "debugNumerics is for one rank", fix: "run the program without mpirun"))
            }
            share.feed(runner, isInterrupted: stopRequest.isInterruption)
            try session.run(runner, of: self)
            return runner
        }
        guard debugNumerics else {
            try runner.run()
            return runner
        }
        let graph = StepGraph(
            model: self, mode: mode, inputs: inputs, targets: targets, weights: weights)
        try runWatching(runner, graph) { step.feed($0) }
        return runner
    }

    /// The logs after a step.
    func gathered(_ runner: StepRunner) -> Logs {
        var logs = Logs()
        for (index, tracker) in (compilation?.trackers ?? []).enumerated() {
            logs.set(tracker.name, runner.output(index).scalars)
        }
        return logs
    }

    /// Sets the learning rate of the next step from the schedule.
    ///
    /// - Throws: if an assigned learning rate is invalid.
    func prepareStep() throws {
        if let refusal = compilation?.refusedLearningRate { throw refusal }
        guard let schedule = compilation?.schedule, let state = compilation?.optimizerState else {
            return
        }
        let step = try state.iterations.value.integers.first ?? 0
        let rate = schedule.learningRate(step: step)
        try LearningRate.check(rate, "the schedule's learning rate in step \(step)")
        try state.learningRate.assign(Tensor(rate))
    }
}
