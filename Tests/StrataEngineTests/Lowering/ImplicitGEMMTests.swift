import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Predictions of a few images, whose windows are multiplied where they lie.
@Suite struct ImplicitGEMMTests {
    struct Setting: Sendable, CustomStringConvertible {
        var image: [Int]
        var kernel: [Int]
        var strides = [2, 2]
        var dilations = [1, 1]
        var padding = Padding.valid
        /// Something that is added, before the activation.
        var addition: [Int]?
        var hasBias = true
        var activation: UnaryFunction?
        var isBlocked = false

        var description: String {
            "\(image) with \(kernel), strides \(strides), dilations \(dilations), \(padding)"
                + (addition == nil ? "" : ", and an addition")
        }
    }

    private static let settings = [
        Setting(image: [1, 6, 6, 16], kernel: [3, 3, 16, 64], activation: .relu),
        Setting(image: [3, 7, 5, 5], kernel: [3, 2, 5, 128], strides: [2, 1], activation: .tanh),
        Setting(image: [2, 5, 9, 3], kernel: [2, 3, 3, 64], dilations: [3, 2], hasBias: false),
        Setting(image: [1, 1, 9, 45], kernel: [1, 3, 45, 64], activation: .sigmoid),
        Setting(image: [16, 7, 7, 1], kernel: [3, 3, 1, 64], strides: [4, 3], activation: .sin),
        Setting(image: [1, 9, 8, 32], kernel: [3, 3, 32, 64], isBlocked: true),
        // As many rows as there are, and filters for each thread of two.
        Setting(image: [2, 9, 17, 5], kernel: [3, 3, 5, 64]),
        Setting(image: [3, 13, 13, 2], kernel: [3, 3, 2, 128], activation: .relu),
        // Many weights: edges on all sides, on two, far away, and beyond a whole window; blocks; 1 × 1.
        Setting(
            image: [1, 3, 3, 256], kernel: [3, 3, 256, 128], strides: [1, 1], padding: .same,
            activation: .relu),
        Setting(image: [2, 8, 6, 128], kernel: [3, 3, 128, 256], padding: .same, isBlocked: true),
        Setting(
            image: [1, 5, 4, 136], kernel: [5, 3, 136, 192], strides: [1, 1], dilations: [2, 2],
            padding: .same, hasBias: false),
        Setting(
            image: [1, 2, 3, 256], kernel: [3, 3, 256, 128], strides: [3, 2], padding: .full),
        Setting(
            image: [1, 7, 7, 512], kernel: [1, 1, 512, 512], strides: [1, 1],
            addition: [1, 7, 7, 512], activation: .relu),
        Setting(
            image: [1, 5, 7, 257], kernel: [1, 1, 257, 1024], addition: [1, 3, 4, 1024],
            hasBias: false),
    ]

    private static func names(_ outputs: [SymbolicTensor]) throws -> [String] {
        try steps(of: Graph(outputs: outputs), by: "strata:implicitGEMM")
    }

    private static func suffix(_ activation: UnaryFunction?) -> String {
        let isInside = activation.map { [.relu, .tanh, .sigmoid].contains($0) } ?? false
        return activation.flatMap { isInside ? "+\($0.rawValue)" : nil } ?? ""
    }

    private static func trace(_ setting: Setting) -> OperationCase.Trace {
        let channels = setting.kernel[2]
        return OperationCase(
            setting.description, order: 1,
            [
                .init(setting.image), .init(setting.kernel), .init([setting.kernel[3]]),
                .init([3, 3, channels, channels]), .init(setting.addition ?? [1]),
            ]
        ) {
            let image = setting.isBlocked ? $0[0].convolved(with: $0[3], padding: .same) : $0[0]
            let result = image.convolved(
                with: $0[1], bias: setting.hasBias ? $0[2] : nil, strides: setting.strides,
                padding: setting.padding, dilations: setting.dilations)
            // To an input nothing is added where it lies.
            let sum = setting.addition == nil ? result : result + $0[4].tanh()
            return sum.activated(by: setting.activation)
        }.traced()
    }

    @Test(.needsAVX512, arguments: settings)
    func `convolutions with short rows are computed as products`(setting: Setting) throws {
        let addition = setting.addition == nil ? "" : "+add"
        let expected = "convolution" + addition + Self.suffix(setting.activation)
        #expect(try Self.names(Self.trace(setting).outputs) == [expected])
    }

    @Test(arguments: settings)
    func `convolutions with short rows`(setting: Setting) throws {
        let trace = Self.trace(setting)
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// An input, and what the convolution itself reads.
    @Test(arguments: [true, false])
    func `not added to what others read`(isInput: Bool) throws {
        let trace = OperationCase(
            "a residual", order: 1, [.init([1, 4, 5, 512]), .init([1, 1, 512, 512])]
        ) {
            let x = isInput ? $0[0] : $0[0].tanh()
            return x + x.convolved(with: $0[1])
        }.traced()
        #expect(try !Self.names(trace.outputs).contains("convolution+add"))
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    private static func innerProduct(_ rows: Int, _ activation: UnaryFunction)
        -> OperationCase.Trace
    {
        OperationCase(
            "\(rows) rows", order: 1, [.init([rows, 6, 50]), .init([300, 128]), .init([128])]
        ) {
            let y = $0[0].reshaped([rows, 300]).multiplied(by: $0[1], bias: $0[2])
            return SymbolicTensor.apply(.unary(activation), y)
        }.traced()
    }

    @Test(.needsAVX512, arguments: [1, 2, 7, 16], [UnaryFunction.relu, .sin])
    func `inner products of few rows are windows of one place`(
        rows: Int, activation: UnaryFunction
    ) throws {
        let names = try Self.names(Self.innerProduct(rows, activation).outputs)
        #expect(names == ["innerProduct" + Self.suffix(activation)])
    }

    @Test(arguments: [1, 2, 7, 16], [UnaryFunction.relu, .sin])
    func `inner products of few rows`(rows: Int, activation: UnaryFunction) throws {
        let trace = Self.innerProduct(rows, activation)
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Other numbers of filters, margins of few weights, other types and training are left to others.
    @Test(
        arguments: [
            (filters: 60, padding: Padding.valid, dtype: DType.float32, trains: false),
            (64, .same, .float32, false), (64, .valid, .bfloat16, false),
            (64, .valid, .float32, true),
        ])
    func `not these`(_ setting: (filters: Int, padding: Padding, dtype: DType, trains: Bool))
        throws
    {
        let trace = OperationCase(
            "\(setting)", order: 1, [.init([2, 6, 6, 8]), .init([3, 3, 8, setting.filters])]
        ) {
            $0[0].cast(to: setting.dtype).convolved(
                with: $0[1].cast(to: setting.dtype), strides: [2, 2], padding: setting.padding
            ).cast(to: .float32)
        }.traced()
        let outputs = trace.outputs + (setting.trains ? trace.gradients : [])
        // Without products of bfloat16 it is computed in float32, for which there is the kernel.
        let isFloat32 =
            setting.dtype == .bfloat16 && !Processor.computesBfloat16 && Processor.hasAVX512
        #expect(try Self.names(outputs).isEmpty == !isFloat32)
    }
}
