package import StrataGraph

extension Executable {
    /// Runs the plan for about `seconds`, three times at least, and measures each step.
    ///
    /// - Returns: how many runs there were, the mean time of each step, and that of a run with what
    ///   lies between the steps.
    package func measured(seconds: Double) throws(EngineError) -> (
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

extension Plan {
    /// The values of the graph that a step reads or writes, with oneDNN's word for their layout.
    package typealias Operands = [(shape: [Int], dtype: DType, layout: String)]

    package func sources(of step: Step) -> Operands { operands(step.reads) }

    package func destinations(of step: Step) -> Operands { operands(step.writes) }

    private func operands(_ buffers: [Int]) -> Operands {
        buffers.compactMap { self.buffers[$0].content }.map {
            ($0.shape, $0.dtype, "\($0.layout)")
        }
    }

    /// The bytes that a step reads and writes, the memory it works in left out.
    package func byteCount(of step: Step) -> Int {
        Set(step.reads + step.writes).reduce(0) { $0 + buffers[$1].byteCount }
    }
}
