import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Convolutions with rows so short that they and their gradients are products with the image's patches.
@Suite struct Im2colConvolutionTests {
    struct Setting: Sendable, CustomStringConvertible {
        var image: [Int]
        var kernel: [Int]
        var strides = [2, 2]
        var dilations = [1, 1]
        var padding = Padding.valid
        var isBlocked = false

        var description: String {
            "\(image) with \(kernel), strides \(strides), dilations \(dilations), \(padding)"
                + (isBlocked ? ", blocks of channels" : "")
        }
    }

    private static let settings = [
        Setting(image: [64, 5, 5, 3], kernel: [3, 3, 3, 8]),
        Setting(image: [64, 6, 6, 16], kernel: [3, 3, 16, 16]),
        Setting(image: [64, 5, 4, 5], kernel: [2, 3, 5, 7], strides: [2, 1]),
        Setting(image: [70, 9, 5, 2], kernel: [3, 2, 2, 4], strides: [3, 2]),
        Setting(image: [32, 6, 6, 17], kernel: [3, 3, 17, 5], padding: .same),
        Setting(image: [64, 7, 7, 2], kernel: [3, 3, 2, 3], strides: [3, 3], padding: .full),
        Setting(image: [300, 1, 9, 3], kernel: [1, 3, 3, 4], strides: [1, 3], padding: .same),
        Setting(
            image: [64, 8, 8, 4], kernel: [2, 2, 4, 4], strides: [1, 1], dilations: [6, 6]),
        Setting(image: [30, 8, 8, 1], kernel: [3, 3, 32, 16], isBlocked: true),
        Setting(image: [30, 9, 6, 1], kernel: [3, 3, 48, 8], padding: .same, isBlocked: true),
    ]

    /// A convolution behind one that leaves its result in blocks of channels, if its image is to lie so.
    private static func trace(_ setting: Setting, _ dtype: DType) -> OperationCase.Trace {
        let first = setting.isBlocked ? [OperationCase.Input([1, 1, 1, setting.kernel[2]])] : []
        return OperationCase(
            setting.description, order: 1,
            [.init(setting.image), .init(setting.kernel), .init([setting.kernel[3]])] + first
        ) {
            let x = $0.map { $0.cast(to: dtype) }
            let image = setting.isBlocked ? x[0].convolved(with: x[3]) : x[0]
            return image.convolved(
                with: x[1], bias: x[2], strides: setting.strides, padding: setting.padding,
                dilations: setting.dilations
            ).tanh().cast(to: .float32)
        }.traced()
    }

    @Test(arguments: settings, [DType.float32, .bfloat16])
    func `products with patches are convolutions`(setting: Setting, dtype: DType) throws {
        let trace = Self.trace(setting, dtype)
        let names = try Plan(Graph(outputs: trace.outputs + trace.gradients)).steps.map(\.name)
        #expect(names.contains("convolution+tanh by im2col"))
        // With margins only AMX's direct kernels are slower.
        if setting.padding == .valid {
            #expect(names.contains("convolutionBackwardWeights by im2col"))
        }
        #expect(names.count { $0 == "im2col" } == 1)
        #expect(names.contains("col2im"))
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }
}
