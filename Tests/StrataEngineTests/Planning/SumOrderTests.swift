import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// When the steps of a plan start and finish sums over ranks.
@Suite struct SumOrderTests {
    private enum Event: Equatable {
        case start(Int)
        case finish(Int)
        case other(String)
    }

    private static func events(_ plan: Plan) -> [Event] {
        plan.steps.map { step in
            guard let sum = step.kernel.sum else { return .other(step.name) }
            return sum.isStart ? .start(sum.number) : .finish(sum.number)
        }
    }

    private static func starts(_ plan: Plan) -> [Int] {
        plan.steps.compactMap { $0.kernel.sum }.filter(\.isStart).map(\.number)
    }

    @Test(arguments: [1, 8], [false, true])
    func `sums of gradients start during backward and are waited for behind it`(
        batch: Int, joins: Bool
    ) throws {
        // Kernels and biases, a bucket for each, and the loss.
        let step = ThreeLayers(LoneCommunicator(), batch: batch, 1, wire: .float32)
        let plan = try Plan(step.graph(), joins: joins)
        let events = Self.events(plan)
        #expect(Self.starts(plan).count == 7)
        let isBackward = { (event: Event) in
            if case .other(let name) = event { name.contains("Backward") } else { false }
        }
        let isFinish = { (event: Event) in
            if case .finish = event { true } else { false }
        }
        let lastBackward = try #require(events.lastIndex(where: isBackward))
        let firstFinish = try #require(events.firstIndex(where: isFinish))
        let firstStart = try #require(
            events.firstIndex { if case .start = $0 { true } else { false } })
        #expect(firstStart < lastBackward)
        #expect(lastBackward < firstFinish)
        #expect(PlanVerifier.problems(of: plan) == [])
    }

    @Test func `the updates of a bucket stand between its sum and the next`() throws {
        let step = ThreeLayers(LoneCommunicator(), batch: 4, 1, wire: .float32)
        let events = Self.events(try Plan(step.graph()))
        let finishes = events.indices.filter {
            if case .finish = events[$0] { true } else { false }
        }
        for (first, second) in zip(finishes, finishes.dropFirst().dropLast()) {
            #expect(second > first + 1, "\(events)")
        }
    }

    /// Three layers, of which two are normalized by a mean over all ranks: sums 0 and 1 on the way forward, 2 and 3
    /// back, then the gradients of the third, second and first layer, each as soon as it can.
    private static func normalized(batch: Int) throws -> Graph {
        let sums = RankSums(LoneCommunicator())
        let weights = (0..<3).map { layer in
            Variable("w\(layer)", value: Tensor(repeating: 0.5, shape: [4, 4]))
        }
        var x = SymbolicTensor.input("x", [batch, 4])
        for (layer, weight) in weights.enumerated() {
            x = x.multiplied(by: .variable(weight))
            if layer < 2 { x = (x - sums.summed([x.sum(axes: [0])])[0]).tanh() }
        }
        let gradients = x.square().sum().gradients(withRespectTo: weights.map { .variable($0) })
        return try Graph(
            outputs: [],
            updates: zip(weights, sums.gradientsSummed(gradients, bucketByteCount: 1)).map {
                ($0, .variable($0) - $1)
            })
    }

    @Test(arguments: [1, 2, 16], [false, true])
    func `the order is the same for all batches`(batch: Int, joins: Bool) throws {
        let plan = try Plan(Self.normalized(batch: batch), joins: joins)
        #expect(Self.starts(plan) == [0, 1, 2, 4, 3, 5, 6])
    }

    @Test func `sums of gradients are waited for behind all others`() throws {
        let events = Self.events(try Plan(Self.normalized(batch: 2)))
        let lastStart = try #require(events.firstIndex(of: .start(6)))
        for number in 4...6 {
            #expect(try #require(events.firstIndex(of: .finish(number))) > lastStart)
        }
    }

    /// `a` and `b` have one shape and `a` reads `b`, yet sum 1, which `a` needs, starts behind sum 0, which needs `b`.
    private static func entangled(_ communicator: any Communicator) -> [SymbolicTensor] {
        let sums = RankSums(communicator)
        let (x, y) = (SymbolicTensor.input("x", [4]), SymbolicTensor.input("y", [4]))
        let b = y * 2
        let first = sums.summed([b])[0]
        let a = sums.summed([x])[0] + b
        return [a, first]
    }

    @Test func `steps that wait for each other's sums are not joined`() throws {
        let results = try onRanks(2) { rank in
            let executable = try fed(
                Self.entangled(rank), ["x": Tensor([1, 2, 3, 4]), "y": Tensor([1, 1, 1, 1])])
            try executable.run()
            return executable.results.map(\.scalars)
        }
        #expect(results == Array(repeating: [[4, 6, 8, 10], [4, 4, 4, 4]], count: 2))
    }

    @Test func `an order that is not possible is an error`() throws {
        let graph = try Graph(outputs: Self.entangled(LoneCommunicator()))
        let elementwise = graph.nodes.indices.filter {
            graph.nodes[$0].operation.role == .elementwise
        }
        #expect(elementwise.count == 2)
        var groups = graph.nodes.indices.filter { !elementwise.contains($0) }.map {
            FusionGroup.primitive($0, FusedOperations())
        }
        groups.append(.elementwise(elementwise))
        let error = #expect(throws: EngineError.self) {
            try GroupOrder.ordered(groups, of: graph, SumOrder(graph))
        }
        #expect(error?.description.contains("no order in which all can start") == true)
    }

    @Test func `a graph has one communicator, and its sums different numbers`() throws {
        let x = SymbolicTensor.input("x", [4])
        let lone = LoneCommunicator()
        let (a, b) = (RankSums(lone).summed([x])[0], RankSums(lone).summed([x + 1])[0])
        let same = #expect(throws: EngineError.self) { try Plan(Graph(outputs: [a, b])) }
        #expect(same?.description.contains("two sums over ranks have the number 0") == true)
        let c = RankSums(LoneCommunicator()).summed([x + 1])[0]
        let two = #expect(throws: EngineError.self) { try Plan(Graph(outputs: [a, c])) }
        #expect(two?.description.contains("two communicators") == true)
    }

    @Test func `a sum that is an output alone is waited for at the end`() throws {
        let sums = RankSums(LoneCommunicator())
        let (x, y) = (SymbolicTensor.input("x", [4, 4]), SymbolicTensor.input("y", [4, 4]))
        let total = sums.summed([x.sum()])[0]
        let graph = try Graph(outputs: [total, x.multiplied(by: y).softmax()])
        let events = Self.events(try Plan(graph))
        #expect(events.last == .finish(0))
    }
}
