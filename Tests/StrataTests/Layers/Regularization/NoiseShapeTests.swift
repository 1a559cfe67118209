import StrataTestSupport
import Testing

@testable import Strata

/// Keras 3.15.1 with JAX: the mask is made in its own shape, and broadcast to the input as NumPy does.
@Suite struct `Masks of dropout` {
    /// Which axes of `[2, 4, 3]` share the mask.
    private static let cases: [(shape: Shape, shared: [Int])] = [
        ([1, 3], [0, 1]), ([3], [0, 1]), ([4, 1], [0, 2]), ([1, 4, 3], [0]), ([nil, 1, nil], [1]),
        ([1], [0, 1, 2]),
    ]

    @Test(arguments: cases, [false, true])
    func `are repeated along the axes that they do not have`(
        item: (shape: Shape, shared: [Int]), isAlpha: Bool
    ) throws {
        let layer: Layer =
            isAlpha
            ? AlphaDropout(0.5, noiseShape: item.shape, seed: 3)
            : Dropout(0.5, noiseShape: item.shape, seed: 3)
        let input = SymbolicTensor.input("x", [2, 4, 3])
        if let error = layer(input).error { throw error }
        let step = Variable("step", kind: .seed, value: Tensor([Int32(0)], shape: []))
        let y = layer.trace([input], CallContext(isTraining: true, step: step))[0]
        let ones = Tensor(repeating: 1, shape: [2, 4, 3])
        let values = try evaluate([y], inputs: ["x": ones])[0].scalars
        for i in 0..<2 {
            for j in 0..<4 {
                for k in 0..<3 {
                    let source = [i, j, k].enumerated().map { item.shared.contains($0) ? 0 : $1 }
                    #expect(
                        values[(i * 4 + j) * 3 + k]
                            == values[(source[0] * 4 + source[1]) * 3 + source[2]])
                }
            }
        }
    }

    @Test(arguments: [[nil, 3], [2, 3], [1, 2, 4, 3], [2, 4, 4]] as [Shape])
    func `that do not broadcast are errors`(shape: Shape) {
        let y = Dropout(0.5, noiseShape: shape)(Input(shape: [4, 3], batchSize: 2))
        #expect(y.error?.description.contains("do not broadcast") == true)
    }
}
