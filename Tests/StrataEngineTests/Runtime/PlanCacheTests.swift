import StrataEngine
import StrataGraph
import Synchronization
import Testing

/// Plans that are kept for what is computed again.
@Suite struct PlanCacheTests {
    /// The engine, which counts what it prepares.
    private final class CountingEngine: Engine {
        private let engine = CPUEngine()
        private let prepared = Atomic(0)

        var count: Int { prepared.load(ordering: .relaxed) }

        func prepare(_ graph: Graph) throws -> any PreparedGraph {
            prepared.add(1, ordering: .relaxed)
            return try engine.prepare(graph)
        }

        var threadCount: Int {
            get { engine.threadCount }
            set { engine.threadCount = newValue }
        }

        func computeAlone() { engine.computeAlone() }

        var computesBfloat16: Bool { engine.computesBfloat16 }
    }

    private static func sum(_ shape: Shape = [2]) -> SymbolicTensor {
        SymbolicTensor.input("x", shape) + SymbolicTensor.input("y", shape)
    }

    private let engine = CountingEngine()

    @Test func `a computation of the same structure is planned once`() throws {
        let cache = PlanCache(engine, capacity: 4)
        for number in 1...3 {
            let x = Tensor([Float(number), 2]), y = Tensor([10, 20])
            let result = try cache.evaluate([Self.sum()], inputs: ["x": x, "y": y])
            #expect(result == [Tensor([Float(number + 10), 22])])
        }
        #expect(engine.count == 1)
    }

    @Test func `another operation, attribute, shape, type or variable is another plan`() throws {
        let cache = PlanCache(engine, capacity: 20)
        let x = SymbolicTensor.input("x", [2, 2])
        let variables = [Variable("v", value: Tensor(1)), Variable("v", value: Tensor(1))]
        let tensors: [SymbolicTensor] = [
            x.exp(), x.log(), x.sum(axes: [0]), x.sum(axes: [1]),
            SymbolicTensor.input("x", [4]).exp(),
            SymbolicTensor.input("x", [2, 2], dtype: .int32) + 1,
            x + SymbolicTensor.variable(variables[0]), x + SymbolicTensor.variable(variables[1]),
        ]
        for _ in 0..<2 {
            for (number, tensor) in tensors.enumerated() {
                let value = Tensor(repeating: 1, shape: number == 4 ? [4] : [2, 2])
                _ = try cache.evaluate([tensor], inputs: ["x": value])
            }
        }
        #expect(engine.count == tensors.count)
        #expect(cache.count == tensors.count)
    }

    @Test func `the plan that was not used for longest goes`() throws {
        let cache = PlanCache(engine, capacity: 2)
        func compute(_ size: Int) throws {
            let value = Tensor(repeating: 1, shape: [size])
            _ = try cache.evaluate([Self.sum([size])], inputs: ["x": value, "y": value])
        }
        for size in [1, 2, 1, 3] { try compute(size) }
        #expect(engine.count == 3 && cache.count == 2)
        // 1 and 3 are there; 2 is planned again.
        for size in [1, 3] { try compute(size) }
        #expect(engine.count == 3)
        try compute(2)
        #expect(engine.count == 4)
    }

    @Test func `a constant that is NaN does not fill the cache`() throws {
        let cache = PlanCache(engine, capacity: 2)
        for _ in 0..<5 { _ = try cache.evaluate([SymbolicTensor.constant(.nan).exp()]) }
        #expect(cache.count == 2)
    }

    @Test func `updates change their variables each time`() throws {
        let cache = PlanCache(engine, capacity: 2)
        let variable = Variable("count", value: Tensor(1))
        let next = SymbolicTensor.variable(variable) * 2
        for expected: Float in [2, 4, 8] {
            _ = try cache.evaluate([], updates: [(variable, next)])
            #expect(try variable.value.scalars == [expected])
        }
        #expect(engine.count == 1)
    }

    @Test func `an input without a value, or of another shape, is an error`() throws {
        let cache = PlanCache(engine, capacity: 2)
        let x = Tensor([1, 2])
        for (inputs, text) in [
            (["x": x], "input y has no value\n  fix: give it a value of shape [2]"),
            (
                ["x": x, "y": Tensor([1, 2, 3])],
                "input y has shape [3]\n  fix: give it a value of shape [2]"
            ),
        ] {
            let error = #expect(throws: GraphError.self) {
                try cache.evaluate([Self.sum()], inputs: inputs)
            }
            #expect(error?.description == text)
        }
    }

    @Test func `threads that compute the same at once each get their result`() async throws {
        let cache = PlanCache(engine, capacity: 4)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let x = Tensor([Float(number), 0]), y = Tensor([1, 1])
                    let result = try cache.evaluate([Self.sum()], inputs: ["x": x, "y": y])
                    return result == [Tensor([Float(number + 1), 1])]
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(cache.count == 1)
    }
}
