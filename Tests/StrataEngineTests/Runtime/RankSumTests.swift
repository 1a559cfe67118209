import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Runs ranks as threads, each with a team of its own.
func onRanks<Value: Sendable>(
    _ count: Int, threads: Int = 1,
    _ body: @escaping @Sendable (ThreadCommunicator) throws -> Value
) throws -> [Value] {
    try ThreadCommunicator.run(rankCount: count) { rank in
        Threads.use(threads)
        return try body(rank)
    }
}

/// A plan bound to memory, with the values of its inputs by name.
func fed(
    _ outputs: [SymbolicTensor], _ inputs: [String: Tensor], joins: Bool = true
) throws -> Executable {
    let executable = try Executable(Plan(Graph(outputs: outputs), joins: joins))
    for (index, input) in executable.plan.inputs.enumerated() {
        if let value = inputs[input.name] { executable.feed(index, value) }
    }
    return executable
}

/// Sums over ranks as steps of plans.
@Suite struct RankSumTests {
    @Test(arguments: [1, 2, 3], [false, true])
    func `sums are those of all ranks, run after run`(rankCount: Int, joins: Bool) throws {
        let results = try onRanks(rankCount) { rank in
            let sums = RankSums(rank).summed([.input("x", [2, 3]) * 2, .input("y", []) + 1])
            let x = Tensor((1...6).map { Float($0 * (rank.rank + 1)) }, shape: [2, 3])
            let executable = try fed(
                sums.map { $0 - 1 }, ["x": x, "y": Tensor(Float(rank.rank))], joins: joins)
            for _ in 0..<3 { try executable.run() }
            return executable.results.map(\.scalars)
        }
        // 2 · (1 + … + n) · (1, …, 6) − 1, and 1 + … + n − 1.
        let whole = Float(rankCount * (rankCount + 1))
        for result in results {
            #expect(result == [(1...6).map { whole * Float($0) - 1 }, [whole / 2 - 1]])
        }
    }

    @Test func `ranks have teams of their own`() throws {
        let results = try onRanks(2, threads: 2) { rank in
            let x = SymbolicTensor.input("x", [64, 64])
            let product = x.multiplied(by: x)
            let total = RankSums(rank).summed([product])[0]
            let executable = try fed(
                [total.sum()], ["x": Tensor(repeating: Float(rank.rank + 1), shape: [64, 64])])
            for _ in 0..<20 { try executable.run() }
            return executable.results[0].scalars[0]
        }
        // 64 · 64 elements that are 64 · (1 + 4).
        #expect(results == [1_310_720, 1_310_720])
    }

    /// Ranks of a batch of 5: a mean of squares over all samples.
    @Test func `batches of ranks have sizes of their own`() throws {
        let results = try onRanks(2) { rank in
            let rows = rank.rank == 0 ? [1, 2, 3] : [4, 5] as [Float]
            let x = SymbolicTensor.input("x", [rows.count, 1])
            let total = RankSums(rank).summed([x.square().sum()])[0]
            let executable = try fed(
                [total / 5], ["x": Tensor(rows, shape: [rows.count, 1])])
            try executable.run()
            return executable.results[0].scalars
        }
        #expect(results == [[11], [11]])
    }

    @Test(arguments: [false, true])
    func `bfloat16 on the wire`(isWide: Bool) throws {
        let results = try onRanks(3) { rank in
            // 256 + 1 + 1 is a number of bfloat16, 8 bits; so is 1, but 1 + 2⁻⁹ is not.
            let x: [Float] = [rank.rank == 0 ? 256 : 1, 1.001_953_125]
            let sums = RankSums(rank).summed([.input("x", [2])], wire: .bfloat16)
            let graph = try Graph(outputs: sums)
            let executable = try Executable(
                Plan(isWide ? graph.computedInFloat32() : graph))
            executable.feed(0, Tensor(x))
            try executable.run()
            return executable.results[0].scalars
        }
        #expect(results == Array(repeating: [258, 3], count: 3))
    }

    // MARK: Gradients

    /// cᵣ · (Σᵢ Sᵢ² + T) with S and T the sums of x² and y over all ranks, and cᵣ = r + 1.
    private static func loss(_ rank: ThreadCommunicator) -> (
        loss: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor
    ) {
        let (x, y) = (SymbolicTensor.input("x", [3]), SymbolicTensor.input("y", []))
        let sums = RankSums(rank).summed([x.square(), y])
        return ((sums[0].square().sum() + sums[1]) * Float(rank.rank + 1), x, y)
    }

    private static func x(_ rank: Int) -> [Float] { rank == 0 ? [1, -2, 3] : [2, 1, -1] }

    @Test func `gradients are those of the loss of all ranks`() throws {
        let results = try onRanks(2) { rank in
            let (loss, x, y) = Self.loss(rank)
            let executable = try fed(
                loss.gradients(withRespectTo: [x, y]),
                ["x": Tensor(Self.x(rank.rank)), "y": Tensor(Float(1))])
            try executable.run()
            return executable.results.map(\.scalars)
        }
        // S = (5, 5, 10); with respect to x: Σ c · 2 S · 2 x = 12 S x; to y: Σ c = 3.
        #expect(results == [[[60, -120, 360], [3]], [[120, 60, -120], [3]]])
    }

    /// The loss is of the fourth degree in an element of x; with steps of 1 and 2 the differences are exact:
    /// f′ = (8 (f(1) − f(−1)) − (f(2) − f(−2))) / 12.
    @Test(arguments: [0, 1], [0, 1, 2])
    func `gradients are finite differences of the loss of all ranks`(
        place: Int, element: Int
    ) throws {
        func total(_ step: Float) throws -> Float {
            try onRanks(2) { rank in
                var x = Self.x(rank.rank)
                if rank.rank == place { x[element] += step }
                let executable = try fed(
                    [Self.loss(rank).loss], ["x": Tensor(x), "y": Tensor(Float(1))])
                try executable.run()
                return executable.results[0].scalars[0]
            }.reduce(0, +)
        }
        let near = try total(1) - total(-1)
        let far = try total(2) - total(-2)
        let gradient = try onRanks(2) { rank in
            let (loss, x, _) = Self.loss(rank)
            let executable = try fed(
                loss.gradients(withRespectTo: [x]),
                ["x": Tensor(Self.x(rank.rank)), "y": Tensor(Float(1))])
            try executable.run()
            return executable.results[0].scalars
        }[place][element]
        #expect(12 * gradient == 8 * near - far)
    }

    // MARK: Training

    @Test(arguments: [1, 1 << 20], [DType.float32, .bfloat16])
    func `two ranks train as one does`(bucketByteCount: Int, wire: DType) throws {
        let results = try onRanks(2) { rank in
            let step = ThreeLayers(rank, batch: 2 + rank.rank, bucketByteCount, wire: wire)
            let executable = try Executable(Plan(step.graph()))
            let rows = rank.rank == 0 ? 0..<2 : 2..<5
            executable.feed(0, ThreeLayers.samples, rows: ArraySlice(Array(rows)))
            for _ in 0..<2 { try executable.run() }
            return try step.weights.map { try $0.value.scalars }
        }
        let alone = ThreeLayers(LoneCommunicator(), batch: 5, bucketByteCount, wire: wire)
        let executable = try Executable(Plan(alone.graph()))
        executable.feed(0, ThreeLayers.samples)
        for _ in 0..<2 { try executable.run() }
        let expected = try alone.weights.map { try $0.value.scalars }
        #expect(results[0] == results[1])
        // Gradients are below 16: sums of 5 samples, each at most 0.77 behind two layers of at most 2.5 and 1.5. In
        // each of two steps, at a rate of 1/64, one or two values are rounded to 8 bits twice: 4 · 2⁻⁹.
        let tolerance: Float = wire == .float32 ? 1e-6 : 16 * 4 / 512 * 2 / 64
        for (result, wanted) in zip(results[0].joined(), expected.joined()) {
            #expect(abs(result - wanted) <= tolerance)
        }
    }

    // MARK: Errors

    @Test func `a communicator's failure ends the run, and all later ones`() throws {
        let errors = try onRanks(2) { rank in
            let sums = RankSums(rank).summed([.input("x", [3])])
            let executable = try fed(sums, ["x": Tensor([1, 2, 3])])
            try executable.run()
            rank.fail("the cable is out")
            var errors: [EngineError] = []
            for _ in 0..<2 {
                do throws(EngineError) { try executable.run() } catch { errors.append(error) }
            }
            return errors
        }
        for error in errors.joined() {
            #expect(error.isOfCommunication && !error.isOfHost)
            #expect(error.description.hasSuffix("failed while it ran: the cable is out"))
        }
        #expect(errors.map(\.count) == [2, 2])
    }

    @Test func `a wait that fails is a failure, too`() throws {
        let lone = LoneCommunicator()
        let sums = RankSums(lone).summed([.input("x", [3])])
        let executable = try fed(sums, ["x": Tensor([1, 2, 3])])
        try executable.run()
        lone.failure = "the other rank is gone"
        let error = #expect(throws: EngineError.self) { try executable.run() }
        #expect(
            error?.description
                == "step 0, host all-reduce start, failed while it ran: the other rank is gone")
        // The memory may be written to: not even a communicator that works again is asked.
        lone.failure = nil
        let again = #expect(throws: EngineError.self) { try executable.run() }
        #expect(again?.description == error?.description)
        #expect(lone.startCount == 2)
    }

    @Test func `ranks that start different sums fail`() throws {
        let error = #expect(throws: EngineError.self) {
            try onRanks(2) { rank in
                let count = 2 + rank.rank
                let sums = RankSums(rank).summed([.input("x", [count])])
                let executable = try fed(sums, [:])
                try executable.run()
            }
        }
        #expect(error?.isOfCommunication == true)
        #expect(error?.description.contains("of 3 float32") == true)
        #expect(error?.description.contains("of 2 float32") == true)
    }

    @Test func `a rank does not wait for one that is gone`() throws {
        let results = ThreadCommunicator.results(rankCount: 2) { rank in
            if rank.rank == 1 { return }
            Threads.use(1)
            try fed(RankSums(rank).summed([.input("x", [2])]), [:]).run()
        }
        #expect(throws: EngineError.self) { try results[0].get() }
        #expect(throws: Never.self) { try results[1].get() }
    }

    // MARK: Runs

    @Test func `progress is called behind each step while a sum is in flight`() throws {
        let lone = LoneCommunicator()
        let step = ThreeLayers(lone, batch: 4, 1, wire: .float32)
        let executable = try Executable(Plan(step.graph()))
        let steps = executable.plan.steps
        let inFlight = executable.plan.hasSumBehind
        let expected = steps.indices.filter { inFlight[$0] && steps[$0].kernel.sum == nil }.count
        #expect(expected > 0)
        try executable.run()
        #expect(lone.progressCount == expected)
        try executable.run()
        #expect(lone.progressCount == 2 * expected)
    }

    @Test func `ranks profile as often as each other`() throws {
        let profiles = try onRanks(2) { rank in
            let step = ThreeLayers(rank, batch: 4, 1, wire: .float32)
            let executable = try Executable(Plan(step.graph()))
            // One rank wants many runs, the other as few as there can be.
            return try executable.profile(seconds: rank.rank == 0 ? 0 : 1000)
        }
        #expect(profiles.map(\.runs) == [3, 3])
        for profile in profiles {
            let communication = try #require(profile.communication)
            #expect(communication.secondsInFlight >= communication.secondsWaited)
            #expect(communication.secondsInFlight <= profile.seconds)
            #expect((0...1).contains(communication.shareHidden))
            #expect(profile.description.contains("\nsums over ranks: "))
        }
        let x = SymbolicTensor.input("x", [3])
        let alone = try Executable(Plan(Graph(outputs: [x + 1]))).profile(seconds: 0)
        #expect(alone.communication == nil)
    }
}

/// Three dense layers with biases, trained with plain gradient descent on Σ y² over all ranks' samples.
struct ThreeLayers {
    let weights: [Variable]
    private let loss: SymbolicTensor
    private let sums: RankSums
    private let bucketByteCount: Int
    private let wire: DType

    static let samples = Tensor((0..<20).map { Float($0 % 7) / 8 - 0.25 }, shape: [5, 4])

    init(
        _ communicator: any Communicator, batch: Int, _ bucketByteCount: Int, wire: DType
    ) {
        let sizes = [(4, 6), (6, 5), (5, 3)]
        var weights: [Variable] = []
        var x = SymbolicTensor.input("x", [batch, 4])
        for (layer, (inputs, outputs)) in sizes.enumerated() {
            let values = (0..<inputs * outputs).map { Float(($0 + layer) % 5) / 4 - 0.5 }
            weights.append(
                Variable("kernel\(layer)", value: Tensor(values, shape: [inputs, outputs])))
            weights.append(
                Variable("bias\(layer)", value: Tensor(repeating: 0.125, shape: [outputs])))
            let count = weights.count
            x = (x.multiplied(by: .variable(weights[count - 2])) + .variable(weights[count - 1]))
                .tanh()
        }
        self.weights = weights
        loss = x.square().sum()
        sums = RankSums(communicator)
        (self.bucketByteCount, self.wire) = (bucketByteCount, wire)
    }

    func graph() throws -> Graph {
        let gradients = sums.gradientsSummed(
            loss.gradients(withRespectTo: weights.map { .variable($0) }),
            bucketByteCount: bucketByteCount, wire: wire)
        return try Graph(
            outputs: sums.summed([loss]),
            updates: zip(weights, gradients).map { ($0, .variable($0) - $1 * (1 / 64)) })
    }
}
