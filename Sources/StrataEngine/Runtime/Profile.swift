package import StrataGraph

extension Executable {
    package func profile(seconds: Double) throws -> StepProfile {
        let measured = try measured(seconds: seconds)
        let parts = zip(plan.steps, measured.steps).map { step, time in
            StepProfile.Part(
                operation: step.name, sources: plan.operands(step.reads),
                destinations: plan.operands(step.writes), implementation: step.implementation,
                seconds: time.inSeconds, flops: step.flops, byteCount: plan.byteCount(of: step))
        }
        return StepProfile(
            parts: parts, runs: measured.runs, seconds: measured.whole.inSeconds)
    }

    /// Runs the plan for about `seconds`, three times at least, and measures each step.
    ///
    /// - Returns: how many runs there were, the mean time of each step, and that of a run with what
    ///   lies between the steps.
    private func measured(seconds: Double) throws(EngineError) -> (
        runs: Int, steps: [Duration], whole: Duration
    ) {
        let clock = ContinuousClock()
        for _ in 0..<3 { try run() }
        var steps = Array(repeating: Duration.zero, count: plan.steps.count)
        var whole = Duration.zero
        var runs = 0
        while runs < 3 || whole < .seconds(seconds) {
            let begin = clock.now
            try run { step, duration in steps[step] += duration }
            whole += begin.duration(to: clock.now)
            runs += 1
        }
        return (runs, steps.map { $0 / runs }, whole / runs)
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension Plan {
    /// The values of the graph that a step reads or writes, with oneDNN's word for their layout.
    fileprivate func operands(_ buffers: [Int]) -> [StepProfile.Operand] {
        buffers.compactMap { self.buffers[$0].content }.map {
            StepProfile.Operand(shape: $0.shape, dtype: $0.dtype, layout: "\($0.layout)")
        }
    }

    /// The bytes that a step reads and writes, the memory it works in left out.
    fileprivate func byteCount(of step: Step) -> Int {
        Set(step.reads + step.writes).reduce(0) { $0 + buffers[$1].byteCount }
    }
}
