import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// What is joined, folded or rewritten computes what the same graph does step by step.
@Suite struct JoinedPlanTests {
    private static let step = SymbolicTensor.constant(Tensor([Int32(3)], shape: []))

    /// Convolutions with all that a plan joins: relus, dropouts behind them, normalization, a
    /// Winograd kernel, a short row whose kernel's gradient goes by patches, a flat dense layer.
    private static func network(_ dtype: DType) -> OperationCase {
        OperationCase(
            "network in \(dtype)", order: 1,
            [
                .init([2, 12, 12, 16]), .init([3, 3, 16, 16]), .init([16]),
                .init([16], .between(0.5, 2)), .init([16]), .init([3, 3, 16, 16]),
                .init([3, 3, 16, 20]), .init([80, 6]),
            ]
        ) { inputs in
            let x = inputs.map { $0.cast(to: dtype) }
            let dropout = { (x: SymbolicTensor, key: UInt64) in
                SymbolicTensor.apply(.dropout(Dropout(rate: 0.25, key: key)), x, step)
            }
            var y = x[0].convolved(with: x[1], bias: x[2], padding: .same).relu()
            y =
                SymbolicTensor.applying(
                    .batchNormalization(
                        BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)),
                    [y, inputs[3], inputs[4]])[0]
            y = dropout(y.convolved(with: x[5], strides: [2, 2], padding: .same).relu(), 1)
            y = dropout(y.convolved(with: x[6], strides: [2, 2]).relu(), 2)
            return y.reshaped([2, 80]).multiplied(by: x[7]).cast(to: .float32).tanh()
        }
    }

    @Test(arguments: [DType.float32, .bfloat16], [true, false])
    func `a training step, joined and apart`(dtype: DType, joins: Bool) throws {
        let trace = Self.network(dtype).traced()
        let graph = try Graph(outputs: trace.outputs + trace.gradients)
        let executable = try Executable(Plan(graph, joins: joins))
        executable.fill(trace.values)
        try executable.run()
        let expected = try graph.expected(inputs: trace.values)
        let found = expected.differences(from: executable.results)
        #expect(found.isEmpty, "\(found)\n\(executable.plan)")
    }

    @Test func `apart, every node is a step of its own`() throws {
        let trace = Self.network(.float32).traced()
        let graph = try Graph(outputs: trace.outputs + trace.gradients)
        #expect(try Plan(graph, joins: true).steps.count < Plan(graph, joins: false).steps.count)
        #expect(try !Plan(graph, joins: false).steps.contains { $0.name.contains("+") })
    }

    /// A residual block for inference: convolution, normalization by averages, sum, rectifier.
    private static func block(_ dtype: DType, hasBias: Bool) -> OperationCase {
        OperationCase(
            "block in \(dtype)", order: 1,
            [
                .init([2, 6, 6, 16]), .init([1, 1, 16, 16]), .init([16]),
                .init([16], .between(0.5, 2)), .init([16]), .init([16]),
                .init([16], .between(0.5, 2)),
            ]
        ) { inputs in
            let x = inputs[0].cast(to: dtype)
            let kernel = inputs[1].cast(to: dtype)
            let y = x.tanh().convolved(
                with: kernel, bias: hasBias ? inputs[2].cast(to: dtype) : nil)
            let normalized = SymbolicTensor.applying(
                .batchNormalization(BatchNormalization(epsilon: 1e-3, usesGivenStatistics: true)),
                [y] + inputs[3...])[0]
            return (normalized + x).relu().cast(to: .float32)
        }
    }

    @Test(arguments: [DType.float32, .bfloat16], [true, false])
    func `a residual block is one convolution`(dtype: DType, hasBias: Bool) throws {
        let trace = Self.block(dtype, hasBias: hasBias).traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.outputs))
        #expect(!plan.steps.contains { $0.name.hasPrefix("batchNormalization") })
        #expect(plan.steps.contains { $0.name == "convolution+add+relu" })
    }

    /// An addend that a plan has computed, and that nobody reads after the sum, is where the sum goes.
    @Test(
        arguments: [(1, DType.float32), (1, .bfloat16), (3, .float32), (3, .bfloat16)],
        ["computed", "its own image", "read later", "an input"])
    func `a convolution adds in place where it may`(kernel: (Int, DType), addend: String) throws {
        let (size, dtype) = kernel
        let operation = OperationCase(
            "sum in \(dtype)", order: 0, [.init([2, 4, 4, 32]), .init([size, size, 32, 32])]
        ) { inputs in
            let input = inputs[0].cast(to: dtype)
            let convolved = { (x: SymbolicTensor) in
                x.convolved(with: inputs[1].cast(to: dtype), padding: .same)
            }
            let other = addend == "an input" ? input : convolved(input).tanh()
            let image = addend == "its own image" ? other : other.relu()
            var y = (convolved(image) + other).relu()
            if addend == "read later" { y = y * other }
            return y.cast(to: .float32)
        }
        let trace = operation.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.outputs))
        // What had to be copied for another reason may be added to.
        if addend == "an input" || addend == "its own image" { return }
        let adds = plan.steps.contains { $0.kernel.accumulator != nil }
        #expect(adds == (addend == "computed"), "\(plan)")
    }

    @Test(arguments: [DType.float32, .bfloat16])
    func `a normalization behind a rectifier is a program in its layout`(dtype: DType) throws {
        let operation = OperationCase(
            "normalization in \(dtype)", order: 0,
            [
                .init([8, 4, 4, 16]), .init([3, 3, 16, 32]), .init([32], .between(0.5, 2)),
                .init([32]), .init([32]), .init([32], .between(0.5, 2)),
            ]
        ) { inputs in
            let y = inputs[0].cast(to: dtype).convolved(with: inputs[1].cast(to: dtype)).relu()
            return SymbolicTensor.applying(
                .batchNormalization(BatchNormalization(epsilon: 1e-3, usesGivenStatistics: true)),
                [y] + inputs[2...])[0].cast(to: .float32)
        }
        let trace = operation.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.outputs))
        #expect(!plan.steps.contains { $0.name.hasPrefix("batchNormalization") })
    }

    /// 3 × 3 kernels of stride 1 between whole vectors of channels; else, and in bfloat16, direct.
    @Test(arguments: [
        (16, 1, DType.float32, true), (16, 2, .float32, false), (16, 1, .bfloat16, false),
        (8, 1, .float32, false),
    ])
    func `Winograd's kernels are taken where they pay`(
        channels: Int, stride: Int, dtype: DType, isTaken: Bool
    ) throws {
        let plan = { (stride: Int) in
            let y = SymbolicTensor.input("x", [4, 12, 12, channels]).cast(to: dtype)
                .convolved(
                    with: SymbolicTensor.input("k", [3, 3, channels, channels]).cast(to: dtype),
                    strides: [stride, stride], padding: .same)
            return try "\(Plan(Graph(outputs: [y.cast(to: .float32)])))"
        }
        // oneDNN 2 has them for AVX-512, oneDNN 3 has none.
        let hasSome = try Device.majorVersion == 2 && plan(2).contains("avx512")
        // Without products of bfloat16 it is computed in float32.
        let isFloat32 = dtype == .bfloat16 && !Processor.computesBfloat16
        #expect(try plan(stride).contains("wino") == ((isTaken || isFloat32) && hasSome))
    }
}
