/// Runs the steps of one epoch, for training or evaluation.
struct EpochRunner {
    let model: Model
    let mode: StepGraph.Mode
    let callbacks: CallbackList
    private var steps: any StepIterator
    private var latest: StepRunner?
    private var isOver = false
    /// The number of steps so far.
    private(set) var count: Int
    /// The logs of the steps before the first one, in an epoch that was interrupted.
    private let logsBefore: Logs

    /// - Parameters:
    ///   - steps: the steps, in order.
    ///   - done: the number and the logs of the steps before them, in an epoch that was interrupted.
    init(
        model: Model, mode: StepGraph.Mode, callbacks: CallbackList, steps: any StepIterator,
        after done: (count: Int, logs: Logs) = (0, Logs())
    ) {
        self.model = model
        self.mode = mode
        self.callbacks = callbacks
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
        if !callbacks.isEmpty { try callbacks.batchBegin(count, mode) }
        latest = try model.run(mode, step)
        if !callbacks.isEmpty { try callbacks.batchEnd(count, mode, logs) }
        count += 1
        isOver = model.stopRequest.isSet
        return true
    }

    /// The logs so far.
    var logs: Logs { latest.map(model.gathered) ?? logsBefore }

    /// The time that the steps waited for data.
    var waiting: Duration { steps.waiting }
}

extension Model {
    /// Runs one step on some samples.
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
