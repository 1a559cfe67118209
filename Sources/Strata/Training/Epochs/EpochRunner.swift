internal import StrataEngine

/// Goes through the samples of one epoch step by step, for training or for evaluation.
struct EpochRunner {
    let model: Model
    let mode: StepGraph.Mode
    let callbacks: CallbackList
    private var steps: any StepIterator
    private var latest: StepRunner?
    private var isOver = false
    /// How many steps are done.
    private(set) var count = 0

    /// - Parameter steps: the steps, in the order in which they are to come.
    init(model: Model, mode: StepGraph.Mode, callbacks: CallbackList, steps: any StepIterator) {
        self.model = model
        self.mode = mode
        self.callbacks = callbacks
        self.steps = steps
    }

    /// Runs the next step.
    ///
    /// - Returns: `false` after the last one, and after one in which somebody asked to stop.
    /// - Throws: `CancellationError` where the task was cancelled.
    mutating func step() throws -> Bool {
        try Task.checkCancellation()
        guard !isOver, let step = try steps.next() else { return false }
        if !callbacks.isEmpty { try callbacks.batchBegin(count, mode) }
        latest = try model.run(mode, step)
        if !callbacks.isEmpty { try callbacks.batchEnd(count, mode, logs) }
        count += 1
        isOver = model.stopRequest.isSet
        return true
    }

    /// What was gathered so far.
    var logs: Logs { latest.map(model.gathered) ?? [:] }

    /// How long the steps had to wait for data.
    var waiting: Duration { steps.waiting }
}

extension Model {
    /// One step on some samples.
    func run(_ mode: StepGraph.Mode, _ step: StepData) throws -> StepRunner {
        let (data, rows) = (step.data, step.rows)
        let runner = try runner(
            mode, inputs: data.inputs.map { $0.type(rows: rows.count) },
            targets: data.targets.map { $0.type(rows: rows.count) },
            weights: data.weights.map { $0?.type(rows: rows.count) })
        for (index, tensor) in data.inputs.enumerated() {
            runner.feed(StepGraph.inputName(index), tensor, rows: rows)
        }
        for (index, tensor) in data.targets.enumerated() {
            runner.feed(StepGraph.targetName(index), tensor, rows: rows)
        }
        for (index, tensor) in data.weights.enumerated() {
            if let tensor { runner.feed(StepGraph.weightName(index), tensor, rows: rows) }
        }
        if mode == .train { try prepareStep() }
        try runner.run()
        return runner
    }

    /// What a step shows at its end.
    func gathered(_ runner: StepRunner) -> Logs {
        var logs = Logs()
        for (index, tracker) in (compilation?.trackers ?? []).enumerated() {
            logs.set(tracker.name, runner.values(index))
        }
        return logs
    }

    /// Brings the learning rate to what a schedule says for the next step.
    ///
    /// - Throws: where a learning rate was assigned that cannot be.
    func prepareStep() throws {
        if let refusal = compilation?.refusedLearningRate { throw refusal }
        guard let schedule = compilation?.schedule, let state = compilation?.optimizerState else {
            return
        }
        let step = state.iterations.value.integers.first ?? 0
        let rate = schedule.learningRate(step: step)
        try LearningRate.check(rate, "the schedule's learning rate in step \(step)")
        state.learningRate.assign(Tensor(rate))
    }
}
