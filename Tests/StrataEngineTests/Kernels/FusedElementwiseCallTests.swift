import CKernels
import Foundation
import Testing

/// The functions of fused elementwise operations, called directly, against Foundation's in `Double`.
@Suite struct FusedElementwiseCallTests {
    struct Function: Sendable, CustomStringConvertible {
        var description: String
        var opcode: strata_opcode
        var units = 4.0
        var value: @Sendable (Double) -> Double
    }

    private static let functions = [
        Function(description: "copy", opcode: strata_copy) { $0 },
        Function(description: "negate", opcode: strata_negate) { -$0 },
        Function(description: "absolute", opcode: strata_absolute) { abs($0) },
        Function(description: "sign", opcode: strata_sign) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
        Function(description: "exp", opcode: strata_exp) { exp($0) },
        Function(description: "expm1", opcode: strata_expm1) { expm1($0) },
        Function(description: "log", opcode: strata_log) { log($0) },
        Function(description: "log1p", opcode: strata_log1p) { log1p($0) },
        Function(description: "sqrt", opcode: strata_sqrt) { sqrt($0) },
        Function(description: "reciprocal", opcode: strata_reciprocal) { 1 / $0 },
        Function(description: "square", opcode: strata_square) { $0 * $0 },
        Function(description: "sin", opcode: strata_sin) { sin($0) },
        Function(description: "cos", opcode: strata_cos) { cos($0) },
        // An approximation with a relative error of 3e-7, roundings included.
        Function(description: "tanh", opcode: strata_tanh, units: 3e-7 * 0x1p24) { tanh($0) },
        Function(description: "sigmoid", opcode: strata_sigmoid) { 1 / (1 + exp(-$0)) },
        Function(description: "relu", opcode: strata_relu) { $0 < 0 ? 0 : $0 },
        Function(description: "erf", opcode: strata_erf) { erf($0) },
        Function(description: "floor", opcode: strata_floor) { $0.rounded(.down) },
        Function(description: "round", opcode: strata_round) { $0.rounded(.toNearestOrEven) },
    ]

    private static func run(_ opcode: strata_opcode, _ x: [Float]) -> [Float] {
        let result = Cells.unwritten(x.count)
        runFused(
            x.count, [.full(Cells(x)), .output(result)], [strata_instruction(opcode, to: 1, 0)])
        return result.values
    }

    /// One element, a block less one, a block and one more, and many blocks, which are divided among threads.
    @Test(arguments: functions, [1, 511, 513, 9000])
    func `a function of every element`(function: Function, count: Int) {
        let x = sample(count)
        expect(
            Self.run(function.opcode, x), x.map { function.value(Double($0)) },
            units: function.units)
    }

    @Test(arguments: functions)
    func `NaN is propagated`(function: Function) {
        let got = Self.run(function.opcode, [Float](repeating: .nan, count: 17))
        #expect(got.count { $0.isNaN } == 17)
    }

    @Test func `exp at the ends of what float32 holds`() {
        let x: [Float] = [-.infinity, -200, -103, -87, 88, 89, .infinity]
        expect(Self.run(strata_exp, x), x.map { exp(Double($0)) })
    }

    struct Operator: Sendable, CustomStringConvertible {
        var description: String
        var opcode: strata_opcode
        var value: @Sendable (Double, Double) -> Double
    }

    private static let operators = [
        Operator(description: "add", opcode: strata_add) { $0 + $1 },
        Operator(description: "subtract", opcode: strata_subtract) { $0 - $1 },
        Operator(description: "multiply", opcode: strata_multiply) { $0 * $1 },
        Operator(description: "divide", opcode: strata_divide) { $0 / $1 },
        Operator(description: "power", opcode: strata_power) { pow($0, $1) },
        Operator(description: "maximum", opcode: strata_maximum) { $1 > $0 || $1.isNaN ? $1 : $0 },
        Operator(description: "minimum", opcode: strata_minimum) { $1 < $0 || $1.isNaN ? $1 : $0 },
        Operator(description: "equal", opcode: strata_equal) { $0 == $1 ? 1 : 0 },
        Operator(description: "not equal", opcode: strata_not_equal) { $0 != $1 ? 1 : 0 },
        Operator(description: "less", opcode: strata_less) { $0 < $1 ? 1 : 0 },
        Operator(description: "less or equal", opcode: strata_less_equal) { $0 <= $1 ? 1 : 0 },
        Operator(description: "greater", opcode: strata_greater) { $0 > $1 ? 1 : 0 },
        Operator(description: "greater or equal", opcode: strata_greater_equal) {
            $0 >= $1 ? 1 : 0
        },
    ]

    private static func run(_ opcode: strata_opcode, _ x: [Float], _ y: [Float]) -> [Float] {
        let result = Cells.unwritten(x.count)
        runFused(
            x.count, [.full(Cells(x)), .full(Cells(y)), .output(result)],
            [strata_instruction(opcode, to: 2, 0, 1)])
        return result.values
    }

    @Test(arguments: operators, [1, 511, 9000])
    func `a function of two elements`(function: Operator, count: Int) {
        let x = sample(count)
        // Some are equal to x.
        let y = integers(count, limit: 3).enumerated().map { $0 % 3 == 0 ? x[$0] : $1 }
        expect(
            Self.run(function.opcode, x, y),
            zip(x, y).map { function.value(Double($0), Double($1)) })
    }

    /// A comparison with NaN is false, and "not equal" is true.
    @Test(arguments: operators)
    func `NaN on either side`(function: Operator) {
        let (x, y): ([Float], [Float]) = ([.nan, 2, .nan, -1], [2, .nan, .nan, 3])
        expect(
            Self.run(function.opcode, x, y),
            zip(x, y).map { function.value(Double($0), Double($1)) })
    }

    @Test func `one of two elements is selected where the first is not 0`() {
        let condition: [Float] = [0, 1, -0.0, -2, .nan]
        let result = Cells.unwritten(5)
        runFused(
            5,
            [
                .full(Cells(condition)), .full(Cells<Float>([1, 2, 3, 4, 5])), .immediate(9),
                .output(result),
            ], [strata_instruction(strata_select, to: 3, 0, 1, 2)])
        #expect(result.values == [9, 2, 9, 4, 5])
    }
}
