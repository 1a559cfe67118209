import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// What a plan says of the algorithm of a convolution is what computes it.
@Suite struct ConvolutionChoiceTests {
    /// 3 × 3 with strides of 1 and of 2, few channels, short rows; with and without something that is added.
    @Test(
        arguments: [
            ([16, 8, 8, 32], 32, 1), ([1, 16, 16, 32], 64, 1), ([16, 9, 9, 32], 64, 2),
            ([16, 8, 8, 4], 6, 1), ([128, 6, 6, 64], 64, 2), ([2, 5, 5, 3], 7, 1),
        ], [false, true])
    func `the algorithm that is named is the one that computes`(
        layer: (image: [Int], filters: Int, stride: Int), adds: Bool
    ) throws {
        let (image, filters, stride) = layer
        let size = image[1...2].map { ($0 + stride - 1) / stride }
        let trace = OperationCase(
            "\(image) to \(filters)", order: 1,
            [
                .init(image), .init([3, 3, image[3], filters]),
                .init([image[0]] + size + [filters]),
            ]
        ) {
            let y = $0[0].convolved(with: $0[1], strides: [stride, stride], padding: .same)
            return adds ? (y + $0[2]).relu() : y.relu()
        }.traced()
        for outputs in [trace.outputs, trace.outputs + trace.gradients] {
            let plan = try Plan(Graph(outputs: outputs))
            let chosen = plan.steps.filter { $0.choice != nil }
            #expect(!chosen.isEmpty)
            for step in chosen {
                let algorithm = try #require(step.choice).algorithm
                let own: [ConvolutionAlgorithm: String] = [
                    .batchBlocked: "strata:batchBlocked", .implicitGEMM: "strata:implicitGEMM",
                    .stridedWinograd: "strata:winograd",
                ]
                if let name = own[algorithm] {
                    #expect(step.implementation == name)
                } else {
                    #expect(!step.implementation.contains("strata:"))
                    let isWinograd = step.implementation.contains("wino")
                    #expect(isWinograd == (algorithm == .winograd), "\(plan)")
                    #expect(step.name.contains("im2col") == (algorithm == .im2col), "\(plan)")
                }
            }
        }
    }
}
