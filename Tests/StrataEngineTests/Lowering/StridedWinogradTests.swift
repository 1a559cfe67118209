import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Convolutions of 3 × 3 in steps of 2, whose tiles of three and of two results take fewer products.
///
/// Without vectors of sixteen numbers they are computed as others are.
@Suite struct StridedWinogradTests {
    struct Setting: Sendable, CustomStringConvertible {
        var image: [Int]
        var filters = 64
        var padding = Padding.valid
        var hasBias = true
        var activation: UnaryFunction?

        var kernel: [Int] { [3, 3, image[3], filters] }

        var description: String {
            "\(image) with \(filters), \(padding)\(hasBias ? "" : ", no bias")"
                + (activation.map { ", \($0)" } ?? "")
        }
    }

    private static let settings = [
        // 2 × 3 results: a tile, and no place that no window sees.
        Setting(image: [64, 5, 7, 32], activation: .relu),
        // 4 × 5: tiles of both sizes, and a row and a column that no window sees.
        Setting(image: [16, 10, 12, 32], hasBias: false),
        // 7 × 2, with zeros on one side, or on both.
        Setting(image: [22, 14, 4, 32], padding: .same, activation: .relu),
        Setting(image: [22, 13, 3, 32], padding: .same, activation: .tanh),
        // 8 × 3: zeros all around, two places wide.
        Setting(image: [22, 14, 4, 32], padding: .full),
        // More filters, or channels, than are multiplied at a time; vectors left over.
        Setting(image: [64, 5, 5, 32], filters: 96, activation: .relu),
        Setting(image: [64, 5, 5, 96], filters: 32),
        Setting(image: [64, 5, 5, 48], filters: 80),
    ]

    private static func trace(_ setting: Setting) -> OperationCase.Trace {
        OperationCase(
            setting.description, order: 1,
            [.init(setting.image), .init(setting.kernel), .init([setting.filters])]
        ) {
            $0[0].convolved(
                with: $0[1], bias: setting.hasBias ? $0[2] : nil, strides: [2, 2],
                padding: setting.padding
            ).activated(by: setting.activation)
        }.traced()
    }

    /// The steps that are done by our own loops over tiles.
    private static func tiled(_ graph: Graph) throws -> [String] {
        try steps(of: graph, by: "strata:winograd")
    }

    @Test(.needsAVX512, arguments: settings)
    func `tiles in steps of two are multiplied in Winograd's form`(setting: Setting) throws {
        let trace = Self.trace(setting)
        let names = try Self.tiled(Graph(outputs: trace.outputs + trace.gradients))
        // Forward oneDNN is as fast where it has the activation inside.
        let suffix = setting.activation.map { "+\($0.rawValue)" } ?? ""
        #expect(names.contains("convolution" + suffix) == (setting.activation != .tanh))
        #expect(names.contains("convolutionBackwardWeights"))
        #expect(names.contains("convolutionBackwardData"))
    }

    @Test(arguments: settings)
    func `tiles in steps of two`(setting: Setting) throws {
        let trace = Self.trace(setting)
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Between convolutions whose results lie in blocks of channels.
    @Test func `images where they lie`() throws {
        let trace = OperationCase(
            "a convolution of tiles between others", order: 1,
            [
                .init([16, 11, 11, 3]), .init([2, 2, 3, 32]), .init([3, 3, 32, 64]),
                .init([2, 2, 64, 16]),
            ]
        ) { x in
            x[0].convolved(with: x[1]).relu().convolved(
                with: x[2], strides: [2, 2], padding: .same
            )
            .relu().convolved(with: x[3])
        }.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(.needsAVX512) func `predictions have the factors of the kernel from before`() throws {
        let kernel = Variable("kernel", value: Tensor(repeating: 0.5, shape: [3, 3, 32, 64]))
        let image = SymbolicTensor.input("x", [64, 5, 7, 32])
        let y = image.convolved(with: .variable(kernel), strides: [2, 2])
        let plan = try Plan(Graph(outputs: [y]))
        #expect(plan.prologue.map(\.name).contains("Winograd weight transform"))
        #expect(!plan.steps.map(\.name).contains("Winograd weight transform"))
    }

    /// Threads divide the images.
    @Test(.needsAVX512) func `not for fewer images than threads`() throws {
        let image = SymbolicTensor.input("x", [1, 49, 49, 32])
        let y = image.convolved(with: .input("kernel", [3, 3, 32, 64]), strides: [2, 2])
        let names = try Self.tiled(Graph(outputs: [y]))
        #expect(names.isEmpty == (Threads.count > 1))
    }

    @Test(
        arguments: [
            ([16, 5, 5, 32], [3, 3, 32, 64], 2), ([64, 5, 5, 32], [3, 3, 32, 32], 2),
            ([64, 5, 5, 24], [3, 3, 24, 96], 2), ([64, 4, 4, 32], [3, 3, 32, 64], 2),
            ([64, 5, 5, 32], [2, 3, 32, 64], 2), ([64, 7, 7, 32], [3, 3, 32, 64], 3),
        ])
    func `not for few tiles or channels, nor for other windows`(
        image: [Int], kernel: [Int], stride: Int
    ) throws {
        let trace = OperationCase(
            "\(image) with \(kernel) in steps of \(stride)", order: 1,
            [.init(image), .init(kernel)]
        ) { $0[0].convolved(with: $0[1], strides: [stride, stride]) }.traced()
        #expect(try Self.tiled(Graph(outputs: trace.outputs + trace.gradients)).isEmpty)
    }
}
