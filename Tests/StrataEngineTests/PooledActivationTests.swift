import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Gradients of poolings that take that of the activation before them along.
@Suite struct PooledActivationTests {
    private static func network(
        _ kind: Pooling.Kind, _ activation: UnaryFunction, size: [Int], channels: Int,
        _ dtype: DType,
        readsTwice: Bool = false
    ) -> OperationCase {
        OperationCase(
            "\(kind) of \(activation), \(channels) channels in \(dtype)", order: 1,
            [.init([2, 9, 8, channels], .distinct(shift: 0)), .init([1, 1, channels, channels])]
        ) { inputs in
            let x = inputs[0].cast(to: dtype).convolved(with: inputs[1].cast(to: dtype))
            let y = SymbolicTensor.apply(.unary(activation), x)
            let window = Window(size: size, strides: [2, 2], padding: .same)
            let pooled = SymbolicTensor.apply(.pooling(Pooling(kind: kind, window: window)), y)
            let sum = readsTwice ? pooled.sum() + y.square().sum() : pooled.sum()
            return sum.cast(to: .float32)
        }
    }

    @Test(
        arguments: [(Pooling.Kind.maximum, [2, 2]), (.maximum, [3, 3]), (.average, [2, 2])],
        [(UnaryFunction.relu, 6), (.relu, 32), (.tanh, 6), (.tanh, 32), (.sigmoid, 32)])
    func `both gradients are one step`(
        pooling: (Pooling.Kind, [Int]), layer: (UnaryFunction, Int)
    ) throws {
        let ((kind, size), (activation, channels)) = (pooling, layer)
        let trace = Self.network(
            kind, activation, size: size, channels: channels, .float32
        ).traced()
        let found = try differences(trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.gradients))
        let name = "\(kind.rawValue)PoolingBackward+\(activation.rawValue)Backward"
        #expect(plan.steps.contains { $0.name == name } == (activation != .sigmoid), "\(plan)")
    }

    /// Of maxima two are never equal in float32; in bfloat16 they may be.
    @Test(arguments: [UnaryFunction.relu, .tanh])
    func `averages in bfloat16`(activation: UnaryFunction) throws {
        let trace = Self.network(
            .average, activation, size: [2, 2], channels: 16, .bfloat16
        ).traced()
        let found = try differences(trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Averages of windows that overlap are oneDNN's, and a result that is read twice has another gradient.
    @Test(arguments: [(Pooling.Kind.maximum, true), (.average, true), (.average, false)])
    func `apart where they must be`(kind: Pooling.Kind, readsTwice: Bool) throws {
        let trace = Self.network(
            kind, .relu, size: readsTwice ? [2, 2] : [3, 3], channels: 16, .float32,
            readsTwice: readsTwice
        ).traced()
        let found = try differences(trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.gradients))
        #expect(!plan.steps.contains { $0.name.hasSuffix("+reluBackward") }, "\(plan)")
    }
}
