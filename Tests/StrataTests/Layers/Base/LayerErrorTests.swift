import Testing

@testable import Strata

/// What layers say of arguments and inputs that cannot work.
@Suite struct `Errors of layers` {
    struct Case: Sendable, CustomTestStringConvertible {
        let input: Shape
        let message: String
        let layer: @Sendable () -> Layer

        init(_ input: Shape, _ message: String, _ layer: @escaping @Sendable () -> Layer) {
            (self.input, self.message, self.layer) = (input, message, layer)
        }

        var testDescription: String { message }
    }

    private static let cases = [
        Case([4], "axes [2] are not different axes of [?, 4]") { LayerNormalization(axis: 2) },
        Case([4], "axes [-1, 1] are not different axes of [?, 4]") {
            LayerNormalization(axis: [1, -1])
        },
        Case([nil, 4], "axis 1 of [?, ?, 4] must be known") { LayerNormalization(axis: 1) },
        Case([6], "the number of channels (6) cannot be divided by groups (4)") {
            GroupNormalization(groups: 4)
        },
        Case([6], "the number of channels (6) cannot be divided by groups (12)") {
            GroupNormalization(groups: 12)
        },
        Case([6], "groups is 0") { GroupNormalization(groups: 0) },
        Case([5, 4], "shapes [?, 5, 4] and [5] do not broadcast") { RMSNormalization(axis: 1) },
        Case([4], "axes [-3] are not different axes of [?, 4]") { UnitNormalization(axis: -3) },
        Case([4], "layer flatten has neither a kernel nor embeddings") {
            SpectralNormalization(Flatten(name: "flatten"))
        },
        Case([4], "powerIterations is 0") {
            SpectralNormalization(Dense(2), powerIterations: 0)
        },
        Case([4], "an input of shape [?, 4] was given, but [batch, steps, …] is needed") {
            TimeDistributed(Dense(2))
        },
        Case([4], "rmax is 0.5 and rmin 1.0") {
            var arguments = BatchNormalization.Arguments()
            arguments.renorm = true
            arguments.renormClipping = RenormClipping(rmax: 0.5, rmin: 1)
            return BatchNormalization(arguments)
        },
        Case([4], "rate is 1.5") { Dropout(1.5) },
        Case([4], "rate is -0.5") { AlphaDropout(-0.5) },
        Case([4], "shapes [?, 3] and [?, 4] do not broadcast") {
            Dropout(0.5, noiseShape: [nil, 3])
        },
        Case([4], "stddev is 2.0") { GaussianNoise(2) },
        Case([4], "an input of shape [?, 4] was given, but an input of 4 axes is needed") {
            SpatialDropout2D(0.5)
        },
        Case([4], "maxValue is -1.0") { ReLU(maxValue: -1) },
        Case([4], "negativeSlope is -1.0") { LeakyReLU(negativeSlope: -1) },
        Case([4], "[?, 4] has no axis 2 to share") { PReLU(sharedAxes: [2]) },
        Case([nil, 4], "every axis that does not share of [?, ?, 4] must be known") { PReLU() },
        Case([4], "axes [1, 1] are not different axes of [?, 4]") { Softmax(axis: [1, 1]) },
        Case([4], "inputDim is 0 and outputDim 3") { Embedding(inputDim: 0, outputDim: 3) },
        Case([4], "weights have shape [2, 2]") {
            Embedding(
                inputDim: 2, outputDim: 3, weights: Tensor([1, 2, 3, 4], shape: [2, 2]))
        },
        Case([4], "the equation ab->c does not fit the input and outputShape") {
            EinsumDense("ab->c", outputShape: [3])
        },
        Case([4], "the equation abc,cd->abd does not fit the input and outputShape") {
            EinsumDense("abc,cd->abd", outputShape: [nil, 3])
        },
        Case([4, 5], "axis b of abc,cd->abd has length 4 in the input and 3 in outputShape") {
            EinsumDense("abc,cd->abd", outputShape: [3, 6])
        },
        Case([4, 5], "outputShape has no length for axis b of abc,bcd->abd") {
            EinsumDense("abc,bcd->abd", outputShape: [nil, 6])
        },
        Case([4, 5], "biasAxes x are not among the output's axes abd") {
            EinsumDense("abc,cd->abd", outputShape: [nil, 6], biasAxes: "x")
        },
    ]

    @Test(arguments: cases)
    func `the first line says what is wrong, and the last what to change`(item: Case) {
        let layer = item.layer()
        let error = layer(Input(shape: item.input)).error
        #expect(error?.problem.sentence == item.message)
        #expect(error?.description.contains("fix: ") == true)
    }
}
