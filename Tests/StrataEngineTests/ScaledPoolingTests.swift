import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Poolings of normalized images, which are scaled as they are read.
@Suite struct ScaledPoolingTests {
    private static func network(
        _ kind: Pooling.Kind, size: [Int], channels: Int, _ dtype: DType = .float32,
        readsTwice: Bool = false
    ) -> OperationCase {
        OperationCase(
            "\(kind) by \(size) of \(channels) channels in \(dtype)", order: 1,
            [
                .init([2, 9, 8, channels], .distinct(shift: 0)),
                .init([1, 1, channels, channels]), .init([channels]), .init([channels]),
            ]
        ) { inputs in
            let x = inputs.map { $0.cast(to: dtype) }
            // Of random factors some are negative: their greatest result is that of the least number.
            let y = x[0].convolved(with: x[1]) * x[2] + x[3]
            let window = Window(size: size, strides: [2, 2], padding: .same)
            let pooled = SymbolicTensor.apply(.pooling(Pooling(kind: kind, window: window)), y)
            let sum = readsTwice ? pooled + y.sum() : pooled
            return sum.cast(to: .float32)
        }
    }

    @Test(
        arguments: [(Pooling.Kind.maximum, [2, 2]), (.maximum, [3, 3]), (.average, [2, 2])],
        [1, 6, 16, 40, 64])
    func `one step`(pooling: (Pooling.Kind, [Int]), channels: Int) throws {
        let kind = pooling.0
        let trace = Self.network(kind, size: pooling.1, channels: channels).traced()
        let plan = try Plan(Graph(outputs: trace.outputs))
        // With older instructions oneDNN pads a block of 8 channels, which is not scaled.
        if Processor.hasAVX512 || channels % 8 == 0 {
            #expect(
                plan.steps.map(\.name).filter { $0.contains("add") || $0.contains("ooling") }
                    == ["multiply+add+\(kind.rawValue)Pooling"], "\(plan)")
        }
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let gradients = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(gradients.isEmpty, "\(gradients)")
    }

    /// Averages of windows that overlap are oneDNN's; what others read too is made for them.
    @Test(
        arguments: [
            (Pooling.Kind.average, [3, 3], DType.float32, false),
            (.maximum, [2, 2], .bfloat16, false), (.maximum, [2, 2], .float32, true),
        ])
    func `apart where they must be`(
        kind: Pooling.Kind, size: [Int], dtype: DType, readsTwice: Bool
    ) throws {
        let trace = Self.network(kind, size: size, channels: 16, dtype, readsTwice: readsTwice)
            .traced()
        let plan = try Plan(Graph(outputs: trace.outputs))
        // Without instructions for bfloat16 the plan is one of float32.
        if dtype == .float32 || Processor.computesBfloat16 {
            #expect(!plan.steps.contains { $0.name.hasPrefix("multiply+add+\(kind)") }, "\(plan)")
        }
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }
}
