import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Batch normalizations between relus, whose masks are read and written in the normalizations' own loops.
@Suite struct RectifiedNormalizationTests {
    enum Around: CaseIterable {
        case before, after, both
        /// Behind the normalization, whose result something else reads too.
        case beside
    }

    private static func network(_ around: Around, channels: Int, _ dtype: DType) -> OperationCase {
        OperationCase(
            "\(around), \(channels) channels in \(dtype)", order: 1,
            [
                .init([3, 6, 5, channels]), .init([1, 1, channels, channels]),
                .init([channels], .between(0.5, 2)), .init([channels]),
            ]
        ) { inputs in
            var x = inputs[0].cast(to: dtype).convolved(with: inputs[1].cast(to: dtype))
            if around == .before || around == .both { x = x.relu() }
            let y = SymbolicTensor.applying(
                .batchNormalization(BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)),
                [x, inputs[2], inputs[3]])[0]
            let result =
                switch around {
                case .before: y
                case .after, .both: y.relu()
                case .beside: y.relu() + y.tanh()
                }
            return result.cast(to: .float32)
        }
    }

    @Test(arguments: Around.allCases, [(6, DType.float32), (32, .float32), (32, .bfloat16)])
    func `training is what the definition says`(around: Around, kind: (Int, DType)) throws {
        let trace = Self.network(around, channels: kind.0, kind.1).traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: Around.allCases)
    func `no mask is a step of its own where only normalizations read it`(around: Around) throws {
        let trace = Self.network(around, channels: 32, .float32).traced()
        let plan = try Plan(Graph(outputs: trace.outputs + trace.gradients))
        let names = plan.steps.map(\.name)
        #expect(!names.contains { $0.contains("greater") } || around == .beside, "\(plan)")
        let isRectified = around == .after || around == .both
        #expect(names.contains("batchNormalization+relu") == isRectified, "\(plan)")
    }
}
