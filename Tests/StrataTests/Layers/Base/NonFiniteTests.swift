import Strata
import Testing

/// NaN and infinities through functions: as in JAX.
@Suite struct NonFiniteTests {
    private static let nan = Float.nan
    private static let inf = Float.infinity
    private static let x: [Float] = [nan, inf, -inf, -4, -1, -0.5, 0, 0.5, 1, 4]

    /// `keras.activations` of Keras 3.15.1 on JAX.
    static let activations: [(ActivationFunction, [Float])] = [
        (.celu, [nan, inf, -1, -0.98168436, -0.63212055, -0.39346933, 0, 0.5, 1, 4]),
        (.elu, [nan, inf, -1, -0.98168436, -0.63212055, -0.39346933, 0, 0.5, 1, 4]),
        (
            .exponential,
            [nan, inf, 0, 0.01831564, 0.36787945, 0.60653067, 1, 1.6487212, 2.7182817, 54.598148]
        ),
        (
            .gelu,
            [
                nan, inf, nan, -0.00012668504, -0.15865526, -0.15426877, 0, 0.34573123, 0.8413447,
                3.9998734,
            ]
        ),
        (.hardShrink, [0, inf, -inf, -4, -1, 0, 0, 0, 1, 4]),
        (.hardSigmoid, [nan, 1, 0, 0, 0.33333334, 0.41666669, 0.5, 0.5833333, 0.6666667, 1]),
        (.hardSilu, [nan, inf, nan, 0, -0.33333334, -0.20833333, 0, 0.29166669, 0.6666667, 4]),
        (.hardTanh, [nan, 1, -1, -1, -1, -0.5, 0, 0.5, 1, 1]),
        (.leakyRelu, [nan, inf, -inf, -0.8, -0.2, -0.1, 0, 0.5, 1, 4]),
        (.linear, [nan, inf, -inf, -4, -1, -0.5, 0, 0.5, 1, 4]),
        (
            .logSigmoid,
            [
                nan, 0, -inf, -4.01815, -1.3132617, -0.974077, -0.6931472, -0.474077, -0.3132617,
                -0.01814993,
            ]
        ),
        (
            .mish,
            [
                nan, inf, nan, -0.07259174, -0.30340144, -0.22074378, 0, 0.37524524, 0.86509848,
                3.9974127,
            ]
        ),
        (.relu, [nan, inf, 0, 0, 0, 0, 0, 0.5, 1, 4]),
        (.relu6, [nan, 6, 0, 0, 0, 0, 0, 0.5, 1, 4]),
        (
            .selu,
            [
                nan, inf, -1.7580993, -1.7258987, -1.1113307, -0.69175822, 0, 0.5253505, 1.050701,
                4.2028041,
            ]
        ),
        (
            .sigmoid,
            [
                nan, 1, 0, 0.01798621, 0.26894143, 0.37754068, 0.5, 0.62245935, 0.7310586,
                0.9820138,
            ]
        ),
        (
            .silu,
            [
                nan, inf, nan, -0.07194484, -0.26894143, -0.18877034, 0, 0.31122968, 0.7310586,
                3.928055,
            ]
        ),
        (.softShrink, [0, inf, -inf, -3.5, -0.5, 0, 0, 0, 0.5, 3.5]),
        (
            .softplus,
            [
                nan, inf, 0, 0.01814993, 0.31326169, 0.474077, 0.6931472, 0.974077, 1.3132617,
                4.0181499,
            ]
        ),
        (.softsign, [nan, nan, nan, -0.8, -0.5, -0.33333334, 0, 0.33333334, 0.5, 0.8]),
        (.sparsePlus, [nan, inf, 0, 0, 0, 0.0625, 0.25, 0.5625, 1, 4]),
        (.sparseSigmoid, [nan, 1, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1]),
        (
            .squareplus,
            [nan, inf, nan, 0.23606801, 0.618034, 0.78077638, 1, 1.2807764, 1.618034, 4.236068]
        ),
        (
            .tanh,
            [
                nan, 1, -1, -0.9993293, -0.7615942, -0.46211717, 0, 0.46211717, 0.7615942,
                0.9993293,
            ]
        ),
        (
            .tanhShrink,
            [
                nan, inf, -inf, -3.0006707, -0.23840582, -0.03788283, 0, 0.03788283, 0.23840582,
                3.0006707,
            ]
        ),
    ]

    private static func differences(
        _ got: [Float], _ expected: [Float], within tolerance: Float
    ) -> [String] {
        guard got.count == expected.count else { return ["\(got.count) values"] }
        return zip(got, expected).enumerated().compactMap { index, values in
            let (value, wanted) = values
            if value == wanted || value.isNaN && wanted.isNaN { return nil }
            if abs(value - wanted) <= tolerance * max(1, abs(wanted)) { return nil }
            return "\(x[index % x.count]): \(value) is not \(wanted)"
        }
    }

    @Test(arguments: activations)
    func `an activation of NaN and infinities`(function: ActivationFunction, expected: [Float])
        throws
    {
        // The finite numbers are rounded to seven digits, and an elementary function is off by a few times 6e-8.
        let y = function(SymbolicTensor.constant(Tensor(Self.x)))
        let found = Self.differences(try evaluate([y])[0].scalars, expected, within: 1e-6)
        #expect(found.isEmpty, "\(found)")
    }

    private static let rows: [[Float]] = [
        [nan, 1, 2], [1, nan, 2], [-inf, -inf, -inf], [-inf, 0, -inf], [inf, 1, 0], [inf, -inf, 0],
    ]

    /// JAX's, a row each.
    @Test func `softmax, its logarithm, sums and extremes of rows`() throws {
        let nan = Float.nan
        let inf = Float.infinity
        let x = SymbolicTensor.constant(Tensor(Self.rows.flatMap { $0 }, shape: [6, 3]))
        let none: [Float] = [nan, nan, nan]
        let found = try evaluate([
            x.softmax(), x.logSoftmax(), Ops.max(x, axis: 1), Ops.min(x, axis: 1),
            Ops.argmax(x, axis: 1), Ops.argmin(x, axis: 1), Ops.max(x, axis: 0),
            Ops.logsumexp(x, axis: 1),
        ])
        let softmax = none + none + none + [0, 1, 0] + none + none
        let logarithm = none + none + none + [-inf, 0, -inf] + none + none
        #expect(Self.differences(found[0].scalars, softmax, within: 0).isEmpty, "\(found[0])")
        #expect(Self.differences(found[1].scalars, logarithm, within: 0).isEmpty, "\(found[1])")
        let maxima: [Float] = [nan, nan, -inf, 0, inf, inf]
        let minima: [Float] = [nan, nan, -inf, -inf, 0, -inf]
        #expect(Self.differences(found[7].scalars, maxima, within: 0).isEmpty, "\(found[7])")
        #expect(Self.differences(found[2].scalars, maxima, within: 0).isEmpty, "\(found[2])")
        #expect(Self.differences(found[3].scalars, minima, within: 0).isEmpty, "\(found[3])")
        #expect(found[4].integers == [0, 1, 0, 1, 0, 0])
        #expect(found[5].integers == [0, 1, 0, 0, 2, 1])
        #expect(
            Self.differences(found[6].scalars, [nan, nan, 2], within: 0).isEmpty, "\(found[6])")
    }

    /// JAX's `maximum`, `minimum` and `clip`.
    @Test func `extremes of two and clipping`() throws {
        let x = SymbolicTensor.constant(Tensor(Self.x))
        let one = SymbolicTensor.constant(Tensor(repeating: 1, shape: [Self.x.count]))
        let found = try evaluate([
            Ops.maximum(x, one), Ops.maximum(one, x), Ops.minimum(x, one), Ops.minimum(one, x),
            Ops.clip(x, -1, 2),
        ]).map(\.scalars)
        let maxima: [Float] = [Self.nan, Self.inf, 1, 1, 1, 1, 1, 1, 1, 4]
        let minima: [Float] = [Self.nan, 1, -Self.inf, -4, -1, -0.5, 0, 0.5, 1, 1]
        let clipped: [Float] = [Self.nan, 2, -1, -1, -1, -0.5, 0, 0.5, 1, 2]
        for (got, expected) in zip(found, [maxima, maxima, minima, minima, clipped]) {
            let different = Self.differences(got, expected, within: 0)
            #expect(different.isEmpty, "\(different)")
        }
    }

    /// The statistics of a batch with a NaN are NaN, of its channel alone; given ones leave the others alone.
    @Test(arguments: [1, 5, 16, 32])
    func `batch normalization of a NaN`(channels: Int) throws {
        let input = Input(shape: [3, 3, channels])
        let layer = BatchNormalization()
        _ = layer(input)
        var values = (0..<2 * 9 * channels).map { Float($0 % 7) }
        values[4 * channels] = .nan
        let x = Tensor(values, shape: [2, 3, 3, channels])
        let plain = TracedFunction(isTraining: false) { inputs, context in
            [layer(inputs[0], context)]
        }
        let predicted = try plain([x])[0].scalars
        #expect(predicted.indices.filter { predicted[$0].isNaN } == [4 * channels])
        let step = TracedFunction { inputs, context in [layer(inputs[0], context)] }
        let trained = try step([x])[0].scalars
        let ofFirst = trained.indices.filter { $0 % channels == 0 }
        #expect(trained.indices.filter { trained[$0].isNaN } == ofFirst)
    }
}
