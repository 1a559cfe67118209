import Foundation
import StrataTestSupport
import Testing

@testable import Strata

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
        ("logical_not", Ops.logicalNot),
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
        ("logical_or", Ops.logicalOr),
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
            Case("zeros_like", "a") { Ops.zerosLike($0[0]) },
            Case("ones_like", "a") { Ops.onesLike($0[0]) },
        ]
        + Ops.PadMode.allCases.map { mode in
            Case("pad_\(mode.rawValue)", "a") {
                Ops.pad($0[0], [(0, 3), (2, 5), (1, 1)], mode: mode)
            }
        }

    private static let cases: [Case] =
        unary.map { name, function in Case(name, "a") { function($0[0]) } }
        + positive.map { name, function in Case(name, "p") { function($0[0]) } }
        + binary.map { name, function in Case(name, "ab") { function($0[0], $0[1]) } }
        + reducing.flatMap { name, function in
            [
                Case(name, "a") { function($0[0], nil, false) },
                Case("\(name)_axes", "a") { function($0[0], [0, -1], false) },
                Case("\(name)_kept", "a") { function($0[0], 1, true) },
            ]
        } + others

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
        let sources = zip(item.inputs, inputs).filter { $0.0 != "i" }
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
