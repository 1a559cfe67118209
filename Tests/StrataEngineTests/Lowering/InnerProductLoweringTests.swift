import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Inner products of rows and images on the engine, against the reference interpreter.
@Suite struct InnerProductLoweringTests {
    struct Setting: Sendable, CustomStringConvertible {
        let rows: [Int]
        let units: Int
        let hasBias: Bool
        let isConvolved: Bool
        let function: UnaryFunction?

        var description: String {
            "\(rows) with \(units) units\(hasBias ? ", bias" : "")\(isConvolved ? ", convolved" : "")"
                + (function.map { ", \($0)" } ?? "")
        }

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed)
            let rank = generator.pick([0, 0, 1, 2, 2, 3, 4])
            rows =
                [generator.pick([1, 2, 5])] + (0..<rank).map { _ in generator.pick([1, 2, 3]) }
                + [generator.pick([1, 2, 3, 8, 16, 17])]
            units = generator.pick([1, 3, 8, 10, 16, 17, 33])
            hasBias = generator.pick([true, false])
            isConvolved = (1...3).contains(rank) && generator.pick([true, false])
            function = generator.pick([nil, .tanh, .sigmoid, .relu])
        }

        func operationCase(_ dtype: DType = .float32) -> OperationCase {
            let width = rows.dropFirst().reduce(1, *)
            let channels = rows[rows.count - 1]
            var inputs: [OperationCase.Input] = [.init(rows), .init([width, units])]
            if hasBias { inputs.append(.init([units])) }
            if isConvolved {
                inputs.append(
                    .init(Array(repeating: 1, count: rows.count - 2) + [channels, channels]))
            }
            return OperationCase(description, order: 1, inputs) {
                let x = $0.map { $0.cast(to: dtype) }
                let image = isConvolved ? x[0].convolved(with: x[x.count - 1]) : x[0]
                let y = image.reshaped([rows[0], width]).multiplied(
                    by: x[1], bias: hasBias ? x[2] : nil)
                return (function.map { .apply(.unary($0), y) } ?? y).cast(to: .float32)
            }
        }
    }

    private static let settings = (1...120).map { Setting(seed: $0) }

    @Test(arguments: settings)
    func `inner products, with and without gradients`(setting: Setting) throws {
        let trace = setting.operationCase().traced()
        let forward = try differences(trace.outputs, inputs: trace.values)
        #expect(forward.isEmpty, "\(forward)")
        let all = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(all.isEmpty, "\(all)")
    }

    @Test(arguments: settings.filter { $0.function != .relu })
    func `inner products in bfloat16`(setting: Setting) throws {
        let trace = setting.operationCase(.bfloat16).traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Weights in float32 lie as their gradient does, whatever the product in bfloat16 wants of them.
    @Test func `an update in float32 reads the gradient where it is made`() throws {
        let kernel = Variable("kernel", value: Tensor(repeating: 0.25, shape: [128, 64]))
        let x = SymbolicTensor.input("x", [32, 128]).cast(to: .bfloat16)
        let y = x.multiplied(by: .variable(kernel).cast(to: .bfloat16)).cast(to: .float32)
        let loss = y.square().sum()
        let gradient = loss.gradients(withRespectTo: [.variable(kernel)])[0]
        let step: [(variable: Variable, value: SymbolicTensor)] = [
            (kernel, .variable(kernel) - gradient * 0.001)
        ]
        let plan = try Plan(Graph(outputs: [loss], updates: step))
        let made = try #require(
            plan.steps.first { $0.name == "innerProductBackwardWeights" }?.writes[0])
        let readers = plan.steps.filter { $0.reads.contains(made) }.map(\.name)
        #expect(!readers.contains("reorder"), "\(plan)")
        let numbers = (0..<32 * 128).map { Double($0 % 7) - 3 }
        let found = try differences(
            [loss], updates: step, inputs: ["x": ReferenceTensor(numbers, shape: [32, 128])])
        #expect(found.isEmpty, "\(found)")
    }
}
