import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Convolutions of so few channels that sixteen images fill the vectors instead.
///
/// Without vectors of sixteen numbers they are computed as others are.
@Suite struct BatchBlockedConvolutionTests {
    struct Setting: Sendable, CustomStringConvertible {
        var image: [Int]
        var kernel: [Int]
        var padding = Padding.valid
        var hasBias = true
        var activation: UnaryFunction?

        var description: String {
            "\(image) with \(kernel), \(padding)\(hasBias ? "" : ", no bias")"
                + (activation.map { ", \($0)" } ?? "")
        }
    }

    private static let settings = [
        Setting(image: [16, 7, 8, 1], kernel: [5, 5, 1, 6], padding: .same, activation: .tanh),
        Setting(image: [32, 5, 4, 6], kernel: [3, 2, 6, 16], activation: .relu),
        Setting(image: [32, 3, 5, 2], kernel: [3, 4, 2, 5], padding: .full, activation: .sigmoid),
        Setting(image: [16, 4, 3, 3], kernel: [7, 6, 3, 1], padding: .full, hasBias: false),
        Setting(image: [16, 2, 2, 5], kernel: [4, 4, 5, 9], padding: .same, activation: .sin),
        Setting(image: [32, 1, 1, 8], kernel: [1, 1, 8, 2]),
        Setting(
            image: [16, 5, 4, 4], kernel: [2, 3, 4, 14], padding: .same, hasBias: false,
            activation: .tanh),
        Setting(image: [32, 30, 3], kernel: [4, 3, 7], padding: .same, activation: .relu),
        Setting(image: [16, 11, 1], kernel: [5, 1, 10]),
    ]

    private static func trace(_ setting: Setting) -> OperationCase.Trace {
        let bias = setting.kernel.suffix(1)
        return OperationCase(
            setting.description, order: 1,
            [.init(setting.image), .init(setting.kernel), .init(Array(bias))]
        ) {
            $0[0].convolved(
                with: $0[1], bias: setting.hasBias ? $0[2] : nil,
                strides: setting.kernel.dropLast(2).map { _ in 1 }, padding: setting.padding
            ).activated(by: setting.activation)
        }.traced()
    }

    /// The steps that are done by our own loops over interleaved images.
    private static func batchBlocked(_ graph: Graph) throws -> [String] {
        try steps(of: graph, by: "strata:batchBlocked")
    }

    @Test(.needsAVX512, arguments: settings)
    func `sixteen images at a time are one vector`(setting: Setting) throws {
        let trace = Self.trace(setting)
        let graph = try Graph(outputs: trace.outputs + trace.gradients)
        let names = try Self.batchBlocked(graph)
        let isInside = setting.activation.map { [.relu, .tanh, .sigmoid].contains($0) } ?? false
        let suffix = setting.activation.map { isInside ? "+\($0.rawValue)" : "" } ?? ""
        #expect(names.contains("convolution" + suffix))
        #expect(names.contains("convolutionBackwardWeights"))
        #expect(names.contains("convolutionBackwardData"))
    }

    @Test(arguments: settings)
    func `sixteen images at a time`(setting: Setting) throws {
        let trace = Self.trace(setting)
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    private static func network(
        _ kind: Pooling.Kind, size: Int, batch: Int = 16, normalizes: Bool = false
    ) -> OperationCase.Trace {
        OperationCase(
            "\(kind) between convolutions", order: 1,
            [
                .init([batch, 6, 6, 1], .distinct(shift: 0)), .init([3, 3, 1, 6]),
                .init([2, 2, 6, 9]), .init([6], .between(0.5, 2)), .init([6]),
            ]
        ) { x in
            var y = x[0].convolved(with: x[1], padding: .same).tanh()
            if normalizes {
                let normalization = BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)
                y =
                    SymbolicTensor.applying(
                        .batchNormalization(normalization), [y, x[3], x[4]])[0]
            }
            let window = Window(size: [size, size], strides: [2, 2], padding: .valid)
            y = SymbolicTensor.apply(.pooling(Pooling(kind: kind, window: window)), y)
            return y.convolved(with: x[2]).relu()
        }.traced()
    }

    @Test(.needsAVX512, arguments: [Pooling.Kind.maximum, .average])
    func `poolings between them leave the images as they lie`(kind: Pooling.Kind) throws {
        let trace = Self.network(kind, size: 2)
        let plan = try Plan(Graph(outputs: trace.outputs + trace.gradients))
        // Images in, the result and its gradient, and the gradient of the images out.
        #expect(plan.steps.count { $0.name == "reorder" } <= 4, "\(plan)")
    }

    @Test(arguments: [Pooling.Kind.maximum, .average])
    func `poolings between them take the activation's gradient`(kind: Pooling.Kind) throws {
        let trace = Self.network(kind, size: 2)
        let plan = try Plan(Graph(outputs: trace.outputs + trace.gradients))
        let names = plan.steps.map(\.name)
        // With older instructions oneDNN wants other layouts for averages than the image's.
        if Processor.hasAVX512 || kind == .maximum {
            #expect(names.contains("\(kind.rawValue)PoolingBackward+tanhBackward"))
        }
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [Pooling.Kind.maximum, .average])
    func `overlapping windows want other layouts`(kind: Pooling.Kind) throws {
        let trace = Self.network(kind, size: 3)
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [[3, 3, 6, 17], [1, 1, 20, 6], [3, 3, 3, 16], [3, 3, 16, 16]])
    func `not between many channels, nor from the pictures themselves to sixteen`(kernel: [Int])
        throws
    {
        let trace = OperationCase(
            "\(kernel)", order: 1, [.init([16, 4, 4, kernel[2]]), .init(kernel)]
        ) { $0[0].convolved(with: $0[1]) }.traced()
        #expect(try Self.batchBlocked(Graph(outputs: trace.outputs + trace.gradients)).isEmpty)
    }

    @Test(arguments: [(24, false), (16, true)])
    func `not with other numbers of images, nor beside normalizations`(
        batch: Int, normalizes: Bool
    ) throws {
        let trace = Self.network(.maximum, size: 2, batch: batch, normalizes: normalizes)
        let graph = try Graph(outputs: trace.outputs + trace.gradients)
        #expect(try Self.batchBlocked(graph).isEmpty)
    }
}
