internal import StrataEngine

/// Goes through samples batch by batch, for training or for evaluation.
struct EpochRunner {
    let model: Model
    let mode: StepGraph.Mode
    let data: TrainingData
    let batchSize: Int
    let callbacks: CallbackList

    private func runner(rows: Int) throws -> StepRunner {
        try model.runner(
            mode, inputs: data.inputs.map { $0.type(rows: rows) },
            targets: data.targets.map { $0.type(rows: rows) },
            weights: data.weights.map { $0?.type(rows: rows) })
    }

    /// Runs the samples in `order`.
    ///
    /// - Parameters:
    ///   - order: which samples, in the order in which they are to come.
    ///   - progress: is told after each batch how many are done.
    /// - Returns: what was gathered.
    func run(_ order: [Int], progress: (Int, () -> Logs) -> Void) throws -> Logs {
        var start = 0
        var step = 0
        var logs: () -> Logs = { [:] }
        while start < order.count {
            let rows = order[start..<min(start + batchSize, order.count)]
            if !callbacks.isEmpty { try callbacks.batchBegin(step, mode) }
            let runner = try runner(rows: rows.count)
            try feedAndRun(runner, rows)
            logs = { gathered(runner) }
            if !callbacks.isEmpty { try callbacks.batchEnd(step, mode, logs()) }
            start += rows.count
            step += 1
            progress(step, logs)
            if model.stopRequest.isSet { break }
        }
        return logs()
    }

    /// One step on some samples.
    func feedAndRun(_ runner: StepRunner, _ rows: ArraySlice<Int>) throws {
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
    }

    /// What the step shows at its end.
    private func gathered(_ runner: StepRunner) -> Logs {
        let names = model.compilation?.trackers?.map(\.name) ?? []
        return Dictionary(
            names.enumerated().map { ($1, runner.scalar($0)) }, uniquingKeysWith: { $1 })
    }

    /// One step on all samples.
    func runOnce() throws -> Logs {
        let runner = try runner(rows: data.count)
        try feedAndRun(runner, Array(0..<data.count)[...])
        return gathered(runner)
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
