import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Convolutions of random shapes on the engine, against the reference interpreter.
@Suite struct ConvolutionLoweringTests {
    /// A convolution drawn from a seed; as many in a row as wanted cover all kinds.
    struct Setting: Sendable, CustomStringConvertible {
        let image: [Int]
        let kernel: [Int]
        let window: Window
        let groups: Int
        let hasBias: Bool
        let function: UnaryFunction?

        var description: String {
            "\(image) with \(kernel), strides \(window.strides), dilations \(window.dilations), "
                + "\(window.padding), \(groups) groups\(hasBias ? ", bias" : "")"
                + (function.map { ", \($0)" } ?? "")
        }

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed)
            let rank = generator.pick([1, 2, 2, 2, 3])
            let padding = generator.pick(Padding.allCases)
            let dilates = generator.pick([true, false, false])
            let size = (0..<rank).map { _ in generator.pick([1, 2, 3, 4, 5]) }
            window = Window(
                size: size,
                strides: size.map { _ in dilates ? 1 : generator.pick([1, 2, 3]) },
                dilations: size.map { _ in dilates ? generator.pick([1, 2, 3]) : 1 },
                padding: padding)
            groups = generator.pick([1, 1, 1, 2, 3, 4])
            // Depthwise and odd widths go through other implementations than multiples of 16.
            let width = generator.pick(groups == 1 ? [1, 3, 4, 16, 17] : [1, 2, 3, 8, 16])
            let share = generator.pick(groups == 1 ? [1, 3, 8, 16, 17] : [1, 2, 3, 8, 16])
            let least = padding == .valid ? size.indices.map { [window] in window.reach($0) } : size
            let lengths = least.map { $0 + generator.pick([0, 1, 2, 3]) }
            let batch = generator.pick([1, 2, 3])
            image = [batch] + lengths + [width * groups]
            kernel = size + [width, share * groups]
            hasBias = generator.pick([true, false])
            function = generator.pick([nil, .relu, .tanh, .sigmoid, .exp])
        }

        /// How many products the definition sums; the interpreter takes a while for each.
        var work: Int { kernel.reduce(1, *) * image.dropLast().reduce(1, *) }

        func operationCase(_ dtype: DType = .float32, order: Int = 1) -> OperationCase {
            let bias = hasBias ? [OperationCase.Input(kernel.suffix(1))] : []
            return OperationCase(description, order: order, [.init(image), .init(kernel)] + bias) {
                let x = $0.map { $0.cast(to: dtype) }
                let y = x[0].convolved(
                    with: x[1], bias: x.count == 3 ? x[2] : nil, strides: window.strides,
                    padding: window.padding, dilations: window.dilations, groups: groups)
                return (function.map { .apply(.unary($0), y) } ?? y).cast(to: .float32)
            }
        }
    }

    private static let settings = (1...100).map { Setting(seed: $0) }
        .filter { $0.work < 60_000 }

    @Test(arguments: settings)
    func `convolutions, with and without gradients`(setting: Setting) throws {
        let trace = setting.operationCase().traced()
        let forward = try differences(trace.outputs, inputs: trace.values)
        #expect(forward.isEmpty, "\(forward)")
        let all = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(all.isEmpty, "\(all)")
    }

    @Test(arguments: settings.filter { $0.function == nil || $0.function == .tanh })
    func `convolutions in bfloat16`(setting: Setting) throws {
        let trace = setting.operationCase(.bfloat16).traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: settings.filter { $0.groups < 3 })
    func `the gradient of the image as an operation of its own`(setting: Setting) throws {
        let convolution = Convolution(window: setting.window, groups: setting.groups)
        let backward = ConvolutionBackwardData(
            convolution: convolution, shape: Shape(setting.image))
        let output = try convolution.outputTypes([
            TensorType(Shape(setting.image)), TensorType(Shape(setting.kernel)),
        ])[0]
        let trace = OperationCase(
            "transposed \(setting)", order: 1,
            [.init(output.shape.known ?? []), .init(setting.kernel)]
        ) { .apply(.convolutionBackwardData(backward), $0[0], $0[1]).relu() }.traced()
        let forward = try differences(trace.outputs, inputs: trace.values)
        #expect(forward.isEmpty, "\(forward)")
        let all = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(all.isEmpty, "\(all)")
    }

    /// Images as wide as a network's, where oneDNN takes its fastest ways.
    @Test(arguments: [
        (28, 1, 32, 2), (13, 32, 64, 2), (6, 64, 32, 1), (5, 3, 64, 1), (14, 16, 16, 1),
        (15, 17, 20, 1),
    ])
    func `convolutions of networks`(size: Int, channels: Int, filters: Int, stride: Int) throws {
        let item = OperationCase(
            "convolution", order: 1,
            [
                .init([1, size, size, channels]), .init([3, 3, channels, filters]),
                .init([filters]),
            ]
        ) {
            $0[0].convolved(with: $0[1], bias: $0[2], strides: [stride, stride], padding: .same)
                .relu()
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Kernels whose gradients are faster in another layout, or with AMX in another type, than oneDNN's
    /// first choice.
    @Test(arguments: [
        ([4, 9, 9, 6], [5, 5, 6, 16], DType.float32), ([2, 7, 7, 10], [3, 3, 10, 20], .float32),
        ([2, 10, 10, 1], [3, 3, 1, 32], .bfloat16),
    ])
    func `gradients of kernels that go another way`(image: [Int], kernel: [Int], dtype: DType)
        throws
    {
        let item = OperationCase("convolution", order: 1, [.init(image), .init(kernel)]) {
            let x = $0.map { $0.cast(to: dtype) }
            return x[0].convolved(with: x[1], padding: .same).cast(to: .float32)
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }
}
