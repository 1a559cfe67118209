import StrataTestSupport
import Testing

@testable import Strata

/// What layers over images refuse, and in which types they compute; their numbers are in ParityTests.
@Suite struct SpatialLayerTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        var layer: @Sendable () -> Layer
        var inputs: [Shape]
        var sentence: String
        var testDescription: String { sentence }

        init(_ sentence: String, _ inputs: Shape..., layer: @escaping @Sendable () -> Layer) {
            self.layer = layer
            self.inputs = inputs
            self.sentence = sentence
        }
    }

    private static let refusals: [Refusal] = [
        Refusal("outputPadding [2, 2] is not below the strides [2, 2]", [nil, 4, 4, 1]) {
            Conv2DTranspose(2, kernelSize: 3, strides: 2, outputPadding: 2)
        },
        Refusal("strides [2] and dilationRate [2] are both above 1", [nil, 9, 1]) {
            Conv1DTranspose(2, kernelSize: 3, strides: 2, dilationRate: 2)
        },
        Refusal(
            "a transposed convolution of [?, 1, 3, 1] leaves [0, 4], which is nothing",
            [nil, 1, 3, 1]
        ) {
            Conv2DTranspose(
                2, kernelSize: 2, strides: 2, padding: .same, outputPadding: [0, 0])
        },
        Refusal("the channels of [?, 4, 4, ?] must be known", [nil, 4, 4, nil]) {
            DepthwiseConv2D(3)
        },
        Refusal("an image of [?, 2, 4, 3] is smaller than the kernel [3, 3]", [nil, 2, 4, 3]) {
            SeparableConv2D(4, kernelSize: 3)
        },
        Refusal("depthMultiplier is 0", [nil, 5, 3]) { DepthwiseConv1D(3, depthMultiplier: 0) },
        Refusal("padding .causal is not for this layer", [nil, 5, 3]) {
            SeparableConv1D(4, kernelSize: 3, padding: .causal)
        },
        Refusal("outputSize has 3 numbers for 2 spatial axes", [nil, 5, 5, 3]) {
            AdaptiveMaxPooling2D([1, 2, 3])
        },
        Refusal(
            "an input of shape [?, 5, 3] was given, but [batch, size, size, channels] is needed",
            [nil, 5, 3]
        ) { AdaptiveAveragePooling2D(2) },
        Refusal(
            "cropping [0, 2, 3, 0] and [0, 2, 0, 0] leaves nothing of [?, 4, 5, 1]",
            [nil, 4, 5, 1]
        ) { Cropping2D([2, [3, 0]] as SpatialMargins) },
        Refusal("padding [-1] is not from 0 to 16777216", [nil, 4, 1]) {
            ZeroPadding1D(AxisMargins([-1]))
        },
        Refusal("padding is given for 3 axes, where there are 2", [nil, 4, 4, 1]) {
            ZeroPadding2D([1, 2, 3])
        },
        Refusal("size [0] is not positive", [nil, 4, 1]) { UpSampling1D(0) },
        Refusal("dims [2, 2] are not the axes from 1 on in some order", [nil, 4, 1]) {
            Permute([2, 2])
        },
        Refusal("n is 0", [nil, 4]) { RepeatVector(0) },
        Refusal("3 inputs were given, but two are needed", [nil, 4], [nil, 4], [nil, 4]) {
            Subtract()
        },
        Refusal("shapes [2, 4] and [3, 4] do not broadcast", [2, 4], [3, 4]) { Multiply() },
        Refusal(
            "axis 1 of [?, 4] and axis 1 of [?, 5] are not equally long", [nil, 4], [nil, 5]
        ) { Dot(axes: 1) },
        Refusal("axes [0] are not axes of [3, 4] and [3, 4] behind the batch", [3, 4], [3, 4]) {
            Dot(axes: 0)
        },
        Refusal("height and width [0, 3] is not positive", [nil, 4, 4, 1]) {
            CenterCrop(height: 0, width: 3)
        },
        Refusal("cropToAspectRatio and padToAspectRatio are both set", [nil, 4, 4, 1]) {
            Resizing(height: 2, width: 2, cropToAspectRatio: true, padToAspectRatio: true)
        },
    ]

    @Test(arguments: refusals)
    func `a layer that cannot work says why`(refusal: Refusal) throws {
        let inputs = refusal.inputs.enumerated().map { SymbolicTensor.input("\($0)", $1) }
        let error = try #require(refusal.layer().outputs(of: inputs)[0].error)
        #expect(error.problem.sentence == refusal.sentence)
    }

    private static let layers: [@Sendable () -> Layer] = [
        { Conv2DTranspose(3, kernelSize: 3, strides: 2) },
        { DepthwiseConv2D(3, depthMultiplier: 2) },
        { SeparableConv2D(3, kernelSize: 2) },
        { AdaptiveAveragePooling2D(3) },
        { Cropping2D(1) },
        { ZeroPadding2D(1) },
        { UpSampling2D() },
        { UpSampling2D(interpolation: .bicubic) },
        { Permute([2, 3, 1]) },
        { Resizing(height: 3, width: 7) },
        { CenterCrop(height: 3, width: 3) },
    ]

    @Test(arguments: layers.indices)
    func `in bfloat16 a layer computes nearly what it does in float32`(number: Int) throws {
        func output(_ policy: DTypePolicy) throws -> Tensor {
            try SeedStream.$own.withValue(SeedStream(seed: 3)) {
                let layer = Self.layers[number]()
                layer.dtypePolicy = policy
                let values: [Float] = (0..<200).map { Float($0 * 37 % 101) / 101 - 0.5 }
                let x = SymbolicTensor.input("x", [2, 5, 5, 4])
                let y = layer.trace([x], CallContext(isTraining: false))[0]
                if let error = y.error { throw error }
                return try evaluate(
                    [y.cast(to: .float32)],
                    inputs: ["x": Tensor(values, shape: [2, 5, 5, 4])])[0]
            }
        }
        let exact = try output(.float32)
        let rounded = try output(.mixedBfloat16)
        #expect(exact.shape == rounded.shape)
        // 8 bits of each number, sums of up to 16 numbers of about 1 each.
        for (a, b) in zip(exact.scalars, rounded.scalars) { #expect(abs(a - b) < 0.04) }
    }

    @Test func `bytes stay bytes when resized`() throws {
        let x = SymbolicTensor.input("x", [1, 2, 1, 1], dtype: .uint8)
        let y = Resizing(height: 4, width: 1).trace([x], CallContext(isTraining: false))[0]
        #expect(y.dtype == .uint8)
        let result = try evaluate(
            [y.cast(to: .float32)],
            inputs: ["x": Tensor([0, 255] as [UInt8], shape: [1, 2, 1, 1])])
        // The middles lie at −¼, ¼, ¾ and 1¼ of the way: 0, 63.75, 191.25, 255.
        #expect(result[0].scalars == [0, 64, 191, 255])
    }

    @Test func `a model of transposed and depthwise convolutions learns`() throws {
        try SeedStream.$own.withValue(SeedStream(seed: 5)) {
            let model = try Sequential {
                Input(shape: [2, 8, 8])
                DepthwiseConv2D(
                    3, strides: 2, padding: .same, depthMultiplier: 2, dataFormat: .channelsFirst)
                Conv2DTranspose(
                    2, kernelSize: 3, strides: 2, padding: .same, dataFormat: .channelsFirst)
            }
            try model.compile(optimizer: Adam(learningRate: 0.02), loss: .meanSquaredError)
            let values: [Float] = (0..<512).map { Float($0 * 37 % 101) / 101 - 0.5 }
            let x = Tensor(values, shape: [4, 2, 8, 8])
            let history = try model.fit(x, x, batchSize: 4, epochs: 30, verbose: .silent)
            let losses = history["loss"]
            #expect(losses[29] < losses[0] / 2)
        }
    }
}
