import Strata
import Testing

/// Layers that take integers: pixels, counts.
@Suite struct IntegerInputTests {
    static let images: [(name: String, layer: @Sendable () -> Layer)] = [
        ("Dense", { Dense(3) }),
        ("Conv2D", { Conv2D(4, kernelSize: 3) }),
        ("Conv2DTranspose", { Conv2DTranspose(4, kernelSize: 3) }),
        ("DepthwiseConv2D", { DepthwiseConv2D(3) }),
        ("SeparableConv2D", { SeparableConv2D(4, kernelSize: 3) }),
        ("MaxPooling2D", { MaxPooling2D(2) }),
        ("AveragePooling2D", { AveragePooling2D(2) }),
        ("GlobalMaxPooling2D", { GlobalMaxPooling2D() }),
        ("AdaptiveAveragePooling2D", { AdaptiveAveragePooling2D(4) }),
        ("GroupNormalization", { GroupNormalization(groups: 2) }),
        ("PReLU", { PReLU() }),
        ("LeakyReLU", { LeakyReLU() }),
        ("GlobalAveragePooling2D", { GlobalAveragePooling2D() }),
        ("BatchNormalization", { BatchNormalization() }),
        ("LayerNormalization", { LayerNormalization() }),
        ("Rescaling", { Rescaling(1 / 255) }),
        ("ZeroPadding2D", { ZeroPadding2D(1) }),
        ("UpSampling2D", { UpSampling2D(2) }),
        ("Flatten", { Flatten() }),
    ]

    @Test(arguments: images.map(\.name), [DType.int32, .uint8])
    func `integers give what the same numbers give`(name: String, dtype: DType) throws {
        let layer = try #require(Self.images.first { $0.name == name }).layer
        let values = (0..<144).map { Float($0 * 37 % 101) }
        let x = Tensor(values, shape: [2, 6, 6, 2])
        func predict(_ dtype: DType, _ weights: [Tensor]?) throws -> (Tensor, [Tensor]) {
            let model = try Sequential {
                Input(shape: [6, 6, 2], dtype: dtype)
                layer()
            }
            if let weights { try model.setWeights(weights) }
            return (try model.predictOnBatch(x.cast(to: dtype)), try model.getWeights())
        }
        let (expected, weights) = try predict(.float32, nil)
        let (found, _) = try predict(dtype, weights)
        #expect(found.cast(to: .float32).allClose(expected))
    }
}
