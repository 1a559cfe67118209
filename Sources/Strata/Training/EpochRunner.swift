internal import StrataEngine

/// Goes through samples batch by batch, for training or for evaluation.
struct EpochRunner {
    let model: Model
    let mode: StepGraph.Mode
    let callbacks: CallbackList

    /// Runs all steps of an iterator.
    ///
    /// - Parameters:
    ///   - steps: the steps, in the order in which they are to come.
    ///   - progress: is told after each step how many are done.
    /// - Returns: what was gathered.
    func run(_ steps: inout any StepIterator, progress: (Int, () -> Logs) -> Void) throws -> Logs {
        var count = 0
        var logs: () -> Logs = { [:] }
        while let step = try steps.next() {
            if !callbacks.isEmpty { try callbacks.batchBegin(count, mode) }
            let runner = try feedAndRun(step)
            logs = { gathered(runner) }
            if !callbacks.isEmpty { try callbacks.batchEnd(count, mode, logs()) }
            count += 1
            progress(count, logs)
            if model.stopRequest.isSet { break }
        }
        return logs()
    }

    /// One step on some samples.
    private func feedAndRun(_ step: StepData) throws -> StepRunner {
        let (data, rows) = (step.data, step.rows)
        let runner = try model.runner(
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
        if mode == .train { model.prepareStep() }
        try runner.run()
        return runner
    }

    /// What the step shows at its end.
    private func gathered(_ runner: StepRunner) -> Logs {
        let names = model.compilation?.trackers?.map(\.name) ?? []
        return Dictionary(
            names.enumerated().map { ($1, runner.scalar($0)) }, uniquingKeysWith: { $1 })
    }

    /// One step on all samples.
    func runOnce(_ data: TrainingData) throws -> Logs {
        gathered(try feedAndRun(StepData(data: data, rows: Array(0..<data.count)[...])))
    }
}

extension Model {
    /// Brings the learning rate to what a schedule says for the next step.
    func prepareStep() {
        guard let schedule = compilation?.schedule, let state = compilation?.optimizerState else {
            return
        }
        let rate = schedule.learningRate(step: state.iterations.value.integers.first ?? 0)
        state.learningRate.assign(Tensor(rate))
    }
}
