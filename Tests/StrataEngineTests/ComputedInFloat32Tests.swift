import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// What a machine without `bfloat16` computes instead.
@Suite struct ComputedInFloat32Tests {
    /// A training step: a convolution, a dense layer, a loss in `float32`, a variable that is updated.
    private static func step(_ dtype: DType, _ kernel: Variable) throws -> Graph {
        let x = SymbolicTensor.input("x", [2, 6, 6, 3]).cast(to: dtype)
        let weights = SymbolicTensor.variable(kernel)
        let convolved = x.convolved(with: weights.cast(to: dtype), strides: [2, 2]).relu() * 0.5
        let rows = convolved.reshaped([2, 20])
        let loss = rows.cast(to: .float32).square().sum()
        let gradient = loss.gradients(withRespectTo: [weights])[0]
        return try Graph(
            outputs: [rows, loss], updates: [(kernel, weights - gradient * 0.01)])
    }

    private static func kernel() -> Variable {
        var generator = SplitMix(seed: 3)
        let values = (0..<3 * 3 * 3 * 5).map { _ in Float.random(in: -1...1, using: &generator) }
        return Variable("kernel", kind: .trainable, value: Tensor(values, shape: [3, 3, 3, 5]))
    }

    private static func run(_ graph: Graph) throws -> [Tensor] {
        let executable = try Executable(Plan(graph))
        var generator = SplitMix(seed: 4)
        let image = Tensor((0..<216).map { _ in Float.random(in: -1...1, using: &generator) })
        image.withUnsafeBytes { executable.input(0).copyMemory(from: $0) }
        try executable.run()
        return try executable.results + graph.updates.map { try $0.variable.value }
    }

    @Test func `nothing is rounded but results that are bfloat16`() throws {
        let narrow = try Self.step(.bfloat16, Self.kernel()).computedInFloat32()
        let types = narrow.nodes.flatMap(\.outputs).map(\.dtype)
        #expect(types.count { $0 == .bfloat16 } == 1)
        let expected = try Self.run(Self.step(.float32, Self.kernel()))
        let results = try Self.run(narrow)
        #expect(results.map(\.dtype) == [.bfloat16, .float32, .float32])
        #expect(results[0] == expected[0].cast(to: .bfloat16))
        #expect(Array(results[1...]) == Array(expected[1...]))
    }
}
