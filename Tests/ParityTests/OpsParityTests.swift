import Foundation
import Strata
import StrataTestSupport
import Testing

/// Operations by Keras's names; `Tests/Fixtures/ops/make.py` writes what Keras gives.
@Suite struct OpsParityTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let inputs: String
        let function: @Sendable ([SymbolicTensor]) -> SymbolicTensor

        init(
            _ name: String, _ inputs: String,
            _ function: @escaping @Sendable ([SymbolicTensor]) -> SymbolicTensor
        ) {
            (self.name, self.inputs, self.function) = (name, inputs, function)
        }

        var testDescription: String { name }
    }

    private typealias Unary = @Sendable (SymbolicTensor) -> SymbolicTensor
    private typealias Binary = @Sendable (SymbolicTensor, SymbolicTensor) -> SymbolicTensor
    private typealias Reducing = @Sendable (SymbolicTensor, Axes?, Bool) -> SymbolicTensor

    private static let unary: [(String, Unary)] = [
        ("negative", Ops.negative), ("absolute", Ops.absolute), ("sign", Ops.sign),
        ("exp", Ops.exp), ("expm1", Ops.expm1), ("square", Ops.square),
        ("reciprocal", Ops.reciprocal), ("sin", Ops.sin), ("cos", Ops.cos), ("tan", Ops.tan),
        ("tanh", Ops.tanh), ("erf", Ops.erf), ("floor", Ops.floor), ("ceil", Ops.ceil),
        ("round", { Ops.round($0) }), ("relu", Ops.relu), ("sigmoid", Ops.sigmoid),
        ("softplus", Ops.softplus), ("silu", Ops.silu), ("gelu", { Ops.gelu($0) }),
        ("logical_not", Ops.logicalNot), ("exp2", Ops.exp2), ("sinh", Ops.sinh),
        ("cosh", Ops.cosh), ("trunc", Ops.trunc), ("relu6", Ops.relu6),
        ("leaky_relu", { Ops.leakyRelu($0) }), ("elu", { Ops.elu($0) }),
        ("celu", { Ops.celu($0) }), ("selu", Ops.selu), ("glu", { Ops.glu($0) }),
        ("log_sigmoid", Ops.logSigmoid), ("hard_sigmoid", Ops.hardSigmoid),
        ("hard_silu", Ops.hardSilu), ("hard_tanh", Ops.hardTanh),
        ("hard_shrink", { Ops.hardShrink($0) }), ("soft_shrink", { Ops.softShrink($0) }),
        ("tanh_shrink", Ops.tanhShrink), ("softsign", Ops.softsign),
        ("squareplus", { Ops.squareplus($0) }), ("sparse_plus", Ops.sparsePlus),
        ("sparse_sigmoid", Ops.sparseSigmoid), ("sparsemax", { Ops.sparsemax($0) }),
        ("ravel", Ops.ravel), ("tril", { Ops.tril($0) }), ("triu", { Ops.triu($0) }),
        ("zeros_like", { Ops.zerosLike($0) }), ("ones_like", { Ops.onesLike($0) }),
        ("diff", { Ops.diff($0) }),
    ]

    private static let notAllNumbers: [(String, Unary)] = [
        ("isnan", Ops.isnan), ("isinf", Ops.isinf), ("isfinite", Ops.isfinite),
        ("nan_to_num", { Ops.nanToNum($0) }),
    ]

    private static let positive: [(String, Unary)] = [
        ("log", Ops.log), ("log1p", Ops.log1p), ("log2", Ops.log2), ("log10", Ops.log10),
        ("sqrt", Ops.sqrt), ("rsqrt", Ops.rsqrt),
    ]

    private static let binary: [(String, Binary)] = [
        ("add", Ops.add), ("subtract", Ops.subtract), ("multiply", Ops.multiply),
        ("divide", Ops.divide), ("maximum", Ops.maximum), ("minimum", Ops.minimum),
        ("equal", Ops.equal), ("not_equal", Ops.notEqual), ("less", Ops.less),
        ("less_equal", Ops.lessEqual), ("greater", Ops.greater),
        ("greater_equal", Ops.greaterEqual), ("logical_and", Ops.logicalAnd),
        ("logical_or", Ops.logicalOr), ("logical_xor", Ops.logicalXor), ("mod", Ops.mod),
        ("floor_divide", Ops.floorDivide), ("divide_no_nan", Ops.divideNoNan),
        ("hypot", Ops.hypot), ("logaddexp", Ops.logaddexp), ("inner", Ops.inner),
    ]

    private static let reducing: [(String, Reducing)] = [
        ("sum", { Ops.sum($0, axis: $1, keepDimensions: $2) }),
        ("mean", { Ops.mean($0, axis: $1, keepDimensions: $2) }),
        ("max", { Ops.max($0, axis: $1, keepDimensions: $2) }),
        ("min", { Ops.min($0, axis: $1, keepDimensions: $2) }),
        ("prod", { Ops.prod($0, axis: $1, keepDimensions: $2) }),
        ("var", { Ops.var($0, axis: $1, keepDimensions: $2) }),
        ("std", { Ops.std($0, axis: $1, keepDimensions: $2) }),
        ("any", { Ops.any($0, axis: $1, keepDimensions: $2) }),
        ("all", { Ops.all($0, axis: $1, keepDimensions: $2) }),
        ("logsumexp", { Ops.logsumexp($0, axis: $1, keepDimensions: $2) }),
    ]

    private static let others: [Case] =
        [
            Case("power", "pb") { Ops.power($0[0], $0[1]) },
            Case("clip", "a") { Ops.clip($0[0], -1, 0.5) },
            Case("where", "abp") { Ops.where($0[0].greater(than: 0), $0[1], $0[2]) },
            Case("stop_gradient", "ab") { Ops.stopGradient($0[0]) * $0[1] },
            Case("argmax", "a") { Ops.argmax($0[0], axis: 1) },
            Case("argmin", "a") { Ops.argmin($0[0], axis: -1) },
            Case("matmul", "am") { Ops.matmul($0[0], $0[1]) },
            Case("matmul_batch", "as") { Ops.matmul($0[0], $0[1]) },
            Case("einsum", "as") { Ops.einsum("bij,bjk->kib", $0[0], $0[1]) },
            Case("softmax", "a") { Ops.softmax($0[0], axis: 1) },
            Case("log_softmax", "a") { Ops.logSoftmax($0[0]) },
            Case("normalize", "a") { Ops.normalize($0[0]) },
            Case("gelu_exact", "a") { Ops.gelu($0[0], approximate: false) },
            Case("reshape", "a") { Ops.reshape($0[0], [4, -1]) },
            Case("transpose", "a") { Ops.transpose($0[0]) },
            Case("transpose_axes", "a") { Ops.transpose($0[0], axes: [1, 2, 0]) },
            Case("swapaxes", "a") { Ops.swapaxes($0[0], 0, -1) },
            Case("expand_dims", "a") { Ops.expandDims($0[0], axis: -2) },
            Case("squeeze", "a") { Ops.squeeze(Ops.expandDims($0[0], axis: 1)) },
            Case("concatenate", "ab") { Ops.concatenate($0, axis: 1) },
            Case("stack", "ab") { Ops.stack($0, axis: -1) },
            Case("take", "ai") { Ops.take($0[0], $0[1], axis: 1) },
            Case("one_hot", "i") { Ops.oneHot($0[0], numClasses: 3) },
            Case("pad", "a") {
                Ops.pad($0[0], [(0, 1), (2, 0), (1, 1)], constantValues: 0.5)
            },
            Case("broadcast_to", "m") { Ops.broadcastTo($0[0], [3, 4, 5]) },
            Case("slice", "a") { Ops.slice($0[0], [0, 1, 1], [2, 2, 3]) },
            Case("flip", "a") { Ops.flip($0[0], axis: 1) },
            Case("flip_all", "a") { Ops.flip($0[0]) },
            Case("roll", "a") { Ops.roll($0[0], shift: [1, -5], axis: [0, 2]) },
            Case("roll_all", "a") { Ops.roll($0[0], shift: [7]) },
            Case("repeat", "a") { Ops.repeat($0[0], [2, 0, 3], axis: 1) },
            Case("repeat_all", "a") { Ops.repeat($0[0], [2]) },
            Case("tile", "a") { Ops.tile($0[0], [2, 1, 3]) },
            Case("tile_more", "m") { Ops.tile($0[0], [2, 1, 2]) },
            Case("take_all", "ai") { Ops.take($0[0], $0[1]) },
            Case("moveaxis", "a") { Ops.moveaxis($0[0], source: [0, 2], destination: [-1, 0]) },
            Case("split", "a") { Ops.split($0[0], sections: 2, axis: -1)[1] },
            Case("split_places", "a") { Ops.split($0[0], indices: [1, 3], axis: 2)[1] },
            Case("unstack", "a") { Ops.unstack($0[0], axis: 1)[2] },
            Case("argmax_all", "a") { Ops.argmax($0[0]) },
            Case("argmin_all_kept", "a") { Ops.argmin($0[0], keepDimensions: true) },
            Case("argmax_kept", "a") { Ops.argmax($0[0], axis: 1, keepDimensions: true) },
            Case("max_initial", "a") { Ops.max($0[0], axis: 0, initial: 0.5) },
            Case("min_initial", "a") { Ops.min($0[0], initial: -0.75) },
            Case("one_hot_axis", "i") { Ops.oneHot($0[0], numClasses: 3, axis: 1) },
            Case("round_decimals", "a") { Ops.round($0[0], decimals: 2) },
            Case("normalize_1", "a") { Ops.normalize($0[0], axis: 1, order: 1) },
            Case("normalize_3", "a") { Ops.normalize($0[0], order: 3) },
            Case("average", "am") {
                Ops.average($0[0], axis: 2, weights: Ops.unstack($0[1], axis: 1)[0])
            },
            Case("average_all", "ap") { Ops.average($0[0], weights: $0[1]) },
            Case("count_nonzero", "a") {
                Ops.countNonzero($0[0].greater(than: 0.5), axis: [0, 1])
            },
            Case("select", "abp") {
                Ops.select(
                    [$0[0].greater(than: 1), $0[1].greater(than: 0)], [$0[2], $0[0]],
                    default: .constant(-3))
            },
            Case("nan_to_num_others", "n") {
                Ops.nanToNum($0[0], nan: 0.5, posinf: 7, neginf: -8)
            },
            Case("divide_no_nan_zero", "ab") { Ops.divideNoNan($0[0], Ops.relu($0[1])) },
            Case("logical_xor_zero", "ab") {
                Ops.logicalXor($0[0].greater(than: 0), $0[1].greater(than: 0))
            },
            Case("threshold", "a") { Ops.threshold($0[0], threshold: 0.5, defaultValue: -0.25) },
            Case("glu_axis", "a") { Ops.glu($0[0], axis: 0) },
            Case("hstack", "ab") { Ops.hstack($0) },
            Case("vstack", "ab") { Ops.vstack($0) },
            Case("vstack_rows", "n") {
                Ops.vstack([Ops.slice($0[0], [0], [1]), Ops.slice($0[0], [3], [1])])
            },
            Case("diff_twice", "a") { Ops.diff($0[0], n: 2, axis: 1) },
            Case("tril_above", "a") { Ops.tril($0[0], k: 1) },
            Case("triu_above", "a") { Ops.triu($0[0], k: 1) },
            Case("full_like", "a") { Ops.fullLike($0[0], 2.5) },
            Case("zeros", "") { _ in Ops.zeros([2, 3]) },
            Case("ones", "") { _ in Ops.ones([2, 3]) },
            Case("full", "") { _ in Ops.full([2, 3], -1.5) },
            Case("arange", "") { _ in Ops.arange(0.5, 3, step: 0.4) },
            Case("arange_count", "") { _ in Ops.arange(4) },
            Case("arange_down", "") { _ in Ops.arange(2, -1, step: -0.5) },
            Case("linspace", "") { _ in Ops.linspace(-1, 2, num: 7) },
            Case("linspace_open", "") { _ in Ops.linspace(-1, 2, num: 7, endpoint: false) },
            Case("eye", "") { _ in Ops.eye(3) },
            Case("eye_above", "") { _ in Ops.eye(3, 4, k: 1) },
            Case("tri", "") { _ in Ops.tri(3, 4, k: -1) },
            Case("in_top_k", "is") {
                Ops.inTopK(
                    Ops.unstack($0[0])[1], Ops.slice(Ops.unstack($0[1])[0], [0, 0], [3, -1]), 2)
            },
        ]

    private static let products: [Case] = [
        Case("dot", "as") { Ops.dot($0[0], $0[1]) },
        Case("dot_matrix", "am") { Ops.dot($0[0], $0[1]) },
        Case("dot_row", "am") { Ops.dot($0[0], Ops.unstack($0[1], axis: 1)[0]) },
        Case("outer", "am") { Ops.outer($0[0], $0[1]) },
        Case("tensordot", "ab") {
            Ops.tensordot($0[0], Ops.transpose($0[1], axes: [1, 2, 0]))
        },
        Case("tensordot_one", "am") { Ops.tensordot($0[0], $0[1], axes: 1) },
        Case("tensordot_axes", "ab") { Ops.tensordot($0[0], $0[1], axes: [0, 2], [0, 2]) },
        Case("conv", "xk") { Ops.conv($0[0], $0[1]) },
        Case("conv_strided", "xk") { Ops.conv($0[0], $0[1], strides: [2, 1], padding: .same) },
        Case("conv_dilated", "xk") { Ops.conv($0[0], $0[1], dilationRate: 2) },
        Case("conv_grouped", "xk") {
            Ops.conv($0[0], Ops.slice($0[1], [0, 0, 0, 0], [3, 2, 2, 6]))
        },
        Case("conv_first", "xk") {
            Ops.conv(
                Ops.transpose($0[0], axes: [0, 3, 1, 2]), $0[1], dataFormat: .channelsFirst)
        },
        Case("depthwise_conv", "xd") { Ops.depthwiseConv($0[0], $0[1], padding: .same) },
        Case("separable_conv", "xdq") { Ops.separableConv($0[0], $0[1], $0[2], strides: 2) },
        Case("max_pool", "x") { Ops.maxPool($0[0], [2, 3], strides: 2, padding: .same) },
        Case("average_pool", "x") { Ops.averagePool($0[0], 2) },
        Case("average_pool_same", "x") {
            Ops.averagePool($0[0], 3, strides: 2, padding: .same)
        },
        Case("batch_normalization", "xk") {
            let row = rows($0[1])
            return Ops.batchNormalization(
                $0[0], row[0], Ops.square(row[1]), axis: -1, offset: row[2], scale: row[3])
        },
        Case("batch_normalization_plain", "xk") {
            let row = rows($0[1])
            return Ops.batchNormalization(
                $0[0], row[0], Ops.square(row[1]), axis: -1, epsilon: 0.1)
        },
        Case("layer_normalization", "xk") {
            let row = rows($0[1])
            return Ops.layerNormalization($0[0], gamma: row[2], beta: row[3])
        },
        Case("layer_normalization_plain", "x") {
            Ops.layerNormalization($0[0], axis: 1, epsilon: 0.1)
        },
        Case("rms_normalization", "xk") { Ops.rmsNormalization($0[0], scale: rows($0[1])[2]) },
        Case("binary_crossentropy", "ab") {
            Ops.binaryCrossentropy(Ops.sigmoid($0[0]), Ops.sigmoid($0[1]))
        },
        Case("binary_crossentropy_logits", "ab") {
            Ops.binaryCrossentropy(Ops.sigmoid($0[0]), $0[1], fromLogits: true)
        },
        Case("categorical_crossentropy", "ap") {
            Ops.categoricalCrossentropy(Ops.softmax($0[0]), $0[1])
        },
        Case("categorical_crossentropy_logits", "ab") {
            Ops.categoricalCrossentropy(
                Ops.softmax($0[0], axis: 1), $0[1], fromLogits: true, axis: 1)
        },
        Case("sparse_categorical_crossentropy", "ip") {
            Ops.sparseCategoricalCrossentropy(Ops.absolute($0[0]), $0[1])
        },
        Case("sparse_categorical_crossentropy_logits", "ia") {
            Ops.sparseCategoricalCrossentropy(Ops.absolute($0[0]), $0[1], fromLogits: true)
        },
    ]

    /// The kernels of the first pixel, one row of numbers for the channels from each filter.
    private static func rows(_ kernel: SymbolicTensor) -> [SymbolicTensor] {
        Ops.unstack(Ops.unstack(Ops.unstack(kernel)[0])[0], axis: 1)
    }

    private static let paddings: [Case] =
        Ops.PadMode.allCases.map { mode in
            Case("pad_\(mode.rawValue)", "a") {
                Ops.pad($0[0], [(0, 3), (2, 5), (1, 1)], mode: mode)
            }
        }

    private static let cases: [Case] =
        unary.map { name, function in Case(name, "a") { function($0[0]) } }
        + positive.map { name, function in Case(name, "p") { function($0[0]) } }
        + notAllNumbers.map { name, function in Case(name, "n") { function($0[0]) } }
        + binary.map { name, function in Case(name, "ab") { function($0[0], $0[1]) } }
        + reducing.flatMap { name, function in
            [
                Case(name, "a") { function($0[0], nil, false) },
                Case("\(name)_axes", "a") { function($0[0], [0, -1], false) },
                Case("\(name)_kept", "a") { function($0[0], 1, true) },
            ]
        } + others + products + paddings

    private static let fixture = Result {
        try SafetensorsFile(
            URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../Fixtures/ops/ops.safetensors").standardizedFileURL)
    }

    @Test func `every operation of the fixture is compared`() throws {
        let names = try Self.fixture.get().names.filter { $0.hasSuffix(".output") }
        #expect(Set(names) == Set(Self.cases.map { "\($0.name).output" }))
    }

    @Test(arguments: cases)
    func `an operation and its gradient are Keras's`(item: Case) throws {
        let fixture = try Self.fixture.get()
        var values: [String: Tensor] = [:]
        for letter in item.inputs { values["\(letter)"] = try fixture.tensor("\(letter)") }
        let inputs = item.inputs.map { letter in
            let value = values["\(letter)"] ?? Tensor(0)
            return SymbolicTensor.input("\(letter)", Shape(value.shape), dtype: value.dtype)
        }
        let output = item.function(inputs)
        try check(
            evaluate([output], inputs: values)[0].cast(to: .float32),
            fixture.tensor("\(item.name).output").cast(to: .float32), "output")
        let cotangent = "\(item.name).cotangent"
        guard fixture.names.contains(cotangent) else { return }
        let loss = (output * .constant(try fixture.tensor(cotangent))).sum()
        let sources = zip(item.inputs, inputs).filter { !"in".contains($0.0) }
        let gradients = try evaluate(
            loss.gradients(withRespectTo: sources.map(\.1)), inputs: values)
        for ((letter, _), gradient) in zip(sources, gradients) {
            try check(gradient, fixture.tensor("\(item.name).grad.\(letter)"), "\(letter)")
        }
    }

    /// Some twenty units in the last place: exponentials and products of a few roundings each.
    private func check(_ got: Tensor, _ expected: Tensor, _ what: String) throws {
        #expect(got.shape == expected.shape, "\(what)")
        let scale = expected.scalars.map(abs).max() ?? 0
        for (got, expected) in zip(got.scalars, expected.scalars) {
            let bound = 2e-6 * max(abs(expected), scale)
            #expect(abs(got - expected) <= bound, "\(what): \(got), expected \(expected)")
        }
    }
}
