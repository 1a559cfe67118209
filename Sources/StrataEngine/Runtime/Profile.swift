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
            parts: parts, runs: measured.runs, seconds: measured.whole.inSeconds,
            communication: measured.communication)
    }

    /// Runs the plan for about `seconds`, three times at least, and measures each step.
    ///
    /// With sums over ranks, all of them run as often: until one of them has taken that long.
    ///
    /// - Returns: how many runs there were, the mean time of each step, that of a run with what
    ///   lies between the steps, and that of sums over ranks.
    private func measured(seconds: Double) throws(EngineError) -> (
        runs: Int, steps: [Duration], whole: Duration,
        communication: StepProfile.Communication?
    ) {
        let clock = ContinuousClock()
        for _ in 0..<3 { try run() }
        var steps = Array(repeating: Duration.zero, count: plan.steps.count)
        var sums = MeasuredSums(plan)
        var whole = Duration.zero
        var runs = 0
        var goesOn = true
        while goesOn {
            let begin = clock.now
            try run { step, begin, end in
                steps[step] += begin.duration(to: end)
                sums.add(step, begin, end)
            }
            whole += begin.duration(to: clock.now)
            runs += 1
            if runs >= 3 { goesOn = try allWant(whole < .seconds(seconds)) }
        }
        return (
            runs, steps.map { $0 / runs }, whole / runs,
            plan.communicator == nil ? nil : sums.mean(of: runs)
        )
    }

    /// Whether all ranks want something.
    private func allWant(_ isWanted: Bool) throws(EngineError) -> Bool {
        guard let communicator = plan.communicator else { return isWanted }
        var count: Float = isWanted ? 1 : 0
        let hasSum = withUnsafeMutableBytes(of: &count) { bytes in
            guard let base = bytes.baseAddress else { return false }
            return communicator.startSum(0, base, count: 1, dtype: .float32)
                && communicator.finishSum(0)
        }
        guard hasSum else {
            throw EngineError(
                "the ranks do not agree on a further run: "
                    + "\(communicator.failure ?? "the sum over the ranks failed")",
                isOfCommunication: true)
        }
        return count == Float(communicator.rankCount)
    }
}

/// How long sums over ranks were in flight, and were waited for.
private struct MeasuredSums {
    /// For each step whether it starts or finishes a sum.
    private let areStarts: [Bool?]
    private var begin: ContinuousClock.Instant?
    private var count = 0
    private var inFlight = Duration.zero
    private var waited = Duration.zero

    init(_ plan: Plan) { areStarts = plan.steps.map { $0.kernel.sum?.isStart } }

    mutating func add(
        _ step: Int, _ begin: ContinuousClock.Instant, _ end: ContinuousClock.Instant
    ) {
        guard let isStart = areStarts[step] else { return }
        if isStart {
            if count == 0 { self.begin = end }
            count += 1
        } else {
            waited += begin.duration(to: end)
            count -= 1
            if count == 0, let first = self.begin { inFlight += first.duration(to: end) }
        }
    }

    func mean(of runs: Int) -> StepProfile.Communication {
        StepProfile.Communication(
            secondsInFlight: (inFlight / runs).inSeconds, secondsWaited: (waited / runs).inSeconds)
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
