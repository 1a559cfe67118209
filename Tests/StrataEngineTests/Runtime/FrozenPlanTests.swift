import Dispatch
import StrataTestSupport
import Synchronization
import Testing

@testable import StrataEngine
@testable import StrataGraph

/// Graphs whose variables nothing writes any more.
@Suite struct FrozenPlanTests {
    /// Runs once, with the inputs by name.
    private static func run(_ graph: any PreparedGraph, _ values: [String: ReferenceTensor])
        throws -> [Tensor]
    {
        for (index, input) in graph.inputTypes.enumerated() {
            guard let value = values[input.name] else { continue }
            graph.feed(index, value.tensor(input.type.dtype))
        }
        try graph.run()
        return (0..<graph.outputCount).map { graph.outputTensor($0) }
    }

    @Test(arguments: 0..<60) func `graphs at random, by two executables`(seed: UInt64) throws {
        let random = RandomGraph(seed: seed, operations: 12)
        let graph = try Graph(outputs: random.step().outputs)
        let expected = try graph.expected(inputs: random.inputs)
        let plans = FrozenPlans()
        let frozen = try plans.prepare(graph)
        let byteCount = plans.byteCount
        let instances = try [frozen.instance(), frozen.instance()]
        for instance in instances + instances {
            let found = try Self.run(instance, random.inputs)
            #expect(expected.differences(from: found).isEmpty)
        }
        // The same graph again has nothing of its own.
        let again = try plans.prepare(graph)
        #expect(plans.byteCount == byteCount)
        #expect(
            expected.differences(from: try Self.run(again.instance(), random.inputs)).isEmpty)
    }

    @Test func `plans of different batches share weights`() throws {
        let weights = Variable("w", value: Tensor(repeating: 0.5, shape: [256, 256]))
        let plans = FrozenPlans()
        var kept: [any FrozenGraph] = []
        for count in [1, 2, 4, 8] {
            let x = SymbolicTensor.input("x", [count, 256])
            let graph = try Graph(outputs: [
                x.multiplied(by: .variable(weights))
            ])
            kept.append(try plans.prepare(graph))
            let found = try Self.run(
                kept[kept.count - 1].instance(),
                [
                    "x": ReferenceTensor(
                        [Double](repeating: 1, count: count * 256), shape: [count, 256])
                ])
            #expect(found[0].scalars.allSatisfy { $0 == 128 })
        }
        #expect(plans.byteCount <= 2 * 256 * 256 * 4)
    }

    @Test func `memory of a plan that is gone is freed`() throws {
        let weights = Variable("w", value: Tensor(repeating: 0.5, shape: [256, 256]))
        let plans = FrozenPlans()
        let x = SymbolicTensor.input("x", [1, 256])
        let graph = try Graph(outputs: [x * (SymbolicTensor.variable(weights) + 1).sum(axes: [0])])
        var frozen: (any FrozenGraph)? = try plans.prepare(graph)
        let byteCount = plans.byteCount
        #expect(byteCount > 256 * 256 * 4)
        frozen = nil
        #expect(frozen == nil && plans.byteCount == 256 * 256 * 4)
    }

    @Test func `a graph with updates is refused`() throws {
        let count = Variable("count", value: Tensor(0))
        let graph = try Graph(outputs: [], updates: [(count, .variable(count) + 1)])
        #expect(throws: EngineError.self) { try FrozenPlans().prepare(graph) }
    }

    @Test func `rows of inputs and outputs`() throws {
        let x = SymbolicTensor.input("x", [4, 2])
        let graph = try FrozenPlans().prepare(Graph(outputs: [x * 2])).instance()
        let data = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
        graph.feed(0, data, rows: 1..<3, at: 0)
        graph.feed(0, data, rows: 0..<1, at: 2)
        // None of these exists.
        graph.feed(0, data, rows: 0..<3, at: 2)
        graph.feed(0, data, rows: 2..<4, at: 0)
        graph.feed(0, data.cast(to: .int32), rows: 0..<1, at: 0)
        graph.feed(0, Tensor([1, 2, 3], shape: [3, 1]), rows: 0..<1, at: 0)
        graph.clear(0, from: 3)
        graph.clear(0, from: 4)
        try graph.run()
        #expect(graph.outputTensor(0).scalars == [6, 8, 10, 12, 2, 4, 0, 0])
        var rows = [Float](repeating: -1, count: 4)
        rows.withUnsafeMutableBytes { graph.copyOutput(0, rows: 1..<3, to: $0) }
        #expect(rows == [10, 12, 2, 4])
        rows.withUnsafeMutableBytes { graph.copyOutput(0, rows: 0..<3, to: $0) }
        rows.withUnsafeMutableBytes { graph.copyOutput(0, rows: 3..<5, to: $0) }
        #expect(rows == [10, 12, 2, 4])
    }
}
