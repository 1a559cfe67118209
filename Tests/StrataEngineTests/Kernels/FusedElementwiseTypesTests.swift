import CKernels
import Testing

/// Integers, conversions and the kinds of slots of fused elementwise operations, called directly.
@Suite struct FusedElementwiseTypesTests {
    struct Operator: Sendable, CustomStringConvertible {
        var description: String
        var opcode: strata_opcode
        var value: @Sendable (Int32, Int32) -> Int32
    }

    private static let operators = [
        Operator(description: "add", opcode: strata_int_add) { $0 &+ $1 },
        Operator(description: "subtract", opcode: strata_int_subtract) { $0 &- $1 },
        Operator(description: "multiply", opcode: strata_int_multiply) { $0 &* $1 },
        Operator(description: "maximum", opcode: strata_int_maximum) { max($0, $1) },
        Operator(description: "minimum", opcode: strata_int_minimum) { min($0, $1) },
    ]

    @Test(arguments: operators, [1, 700, 9000])
    func `integers wrap around`(function: Operator, count: Int) {
        let extremes: [Int32] = [.max, .min, 0, -1, 1, 65_537, -70_000]
        let x = (0..<count).map { extremes[$0 % 7] }
        let y = (0..<count).map { extremes[$0 / 7 % 7] }
        let result = Cells([Int32](repeating: 9, count: count))
        runFused(
            count,
            [
                .full(Cells(x), strata_int32), .full(Cells(y), strata_int32),
                .output(result, strata_int32),
            ], [strata_instruction(function.opcode, to: 2, 0, 1)])
        #expect(result.values == zip(x, y).map(function.value))
    }

    /// float32's steps between 2²³ and 2²⁴ are 1, and above them 2.
    @Test func `integers become the nearest float32`() {
        let x: [Int32] = [0, -7, 16_777_217, .max, .min]
        let result = Cells.unwritten(5)
        runFused(
            5, [.full(Cells(x), strata_int32), .output(result)],
            [strata_instruction(strata_int_to_float, to: 1, 0)])
        #expect(result.values == [0, -7, 16_777_216, 0x1p31, -0x1p31])
    }

    @Test func `conversions to integers, bytes and booleans cut off fractions and saturate`() {
        let x: [Float] = [-1e30, -2.9, -0.5, 0, 0.5, 254.9, 300, 0x1p31, .infinity, .nan]
        func converted(_ opcode: strata_opcode) -> [Float] {
            let result = Cells.unwritten(x.count)
            runFused(
                x.count, [.full(Cells(x)), .output(result)],
                [strata_instruction(opcode, to: 1, 0)])
            return result.values
        }
        let whole = Cells([Int32](repeating: 9, count: x.count))
        runFused(
            x.count, [.full(Cells(x)), .output(whole, strata_int32)],
            [strata_instruction(strata_float_to_int, to: 1, 0)])
        #expect(whole.values == [.min, -2, 0, 0, 0, 254, 300, .max, .max, 0])
        #expect(converted(strata_float_to_byte) == [0, 0, 0, 0, 0, 254, 255, 255, 255, 0])
        #expect(converted(strata_float_to_bool) == [1, 1, 1, 0, 1, 1, 1, 1, 1, 1])
    }

    /// bfloat16 is the upper half of float32, rounded to the nearest, ties to even.
    @Test(arguments: [1, 513, 9000])
    func `bfloat16 and bytes are read and written`(count: Int) {
        let ties: [(Float, UInt16)] = [
            (1, 0x3F80), (1.00390625, 0x3F80), (1.01171875, 0x3F82), (1.004, 0x3F81),
            (-3.5, 0xC060), (.infinity, 0x7F80), (3.4e38, 0x7F80),
        ]
        let x = (0..<count).map { ties[$0 % 7].0 }
        let halves = Cells([UInt16](repeating: 9, count: count))
        runFused(
            count, [.full(Cells(x)), .output(halves, strata_bfloat16)],
            [strata_instruction(strata_copy, to: 1, 0)])
        #expect(halves.values == (0..<count).map { ties[$0 % 7].1 })

        let bytes = Cells((0..<count).map { UInt8(truncatingIfNeeded: $0) })
        let (sums, doubled) = (Cells.unwritten(count), Cells([UInt8](repeating: 9, count: count)))
        runFused(
            count,
            [
                .full(halves, strata_bfloat16), .full(bytes, strata_uint8), .output(sums),
                .output(doubled, strata_uint8),
            ],
            [
                strata_instruction(strata_add, to: 2, 0, 1),
                strata_instruction(strata_add, to: 3, 1, 1),
            ])
        let expected: [Float] = (0..<count).map { index in
            let half = Float(bitPattern: UInt32(halves.values[index % 7]) << 16)
            return half + Float(index % 256)
        }
        #expect(sums.values == expected)
        #expect(doubled.values == (0..<count).map { UInt8(min($0 % 256 * 2, 255)) })
    }

    @Test func `NaN stays NaN in bfloat16`() {
        let halves = Cells([UInt16(9), 9])
        let x = [Float.nan, Float(bitPattern: 0x7F80_0001)]
        runFused(
            2, [.full(Cells(x)), .output(halves, strata_bfloat16)],
            [strata_instruction(strata_copy, to: 1, 0)])
        #expect(
            halves.values.allSatisfy { Float(bitPattern: UInt32($0) << 16).isNaN })
    }

    /// (x + 2) · scalar, where x + 2 is in a block of the thread.
    @Test(arguments: [1, 600, 9000])
    func `constants, scalars and blocks between instructions`(count: Int) {
        let (x, result) = (integers(count, limit: 50), Cells.unwritten(count))
        runFused(
            count,
            [
                .full(Cells(x)), .immediate(2), .scalar(Cells<Int32>([3]), strata_int32),
                .scalar(Cells<UInt8>([5]), strata_uint8), .temporary, .output(result),
            ],
            [
                strata_instruction(strata_add, to: 4, 0, 1),
                strata_instruction(strata_multiply, to: 4, 4, 3),
                strata_instruction(strata_int_to_float, to: 5, 2),
                strata_instruction(strata_add, to: 5, 4, 5),
            ])
        #expect(result.values == x.map { ($0 + 2) * 5 + 3 })
    }

    struct Broadcast: Sendable, CustomStringConvertible {
        var dims: [Int]
        var strides: [Int]

        var description: String { "\(dims) by \(strides)" }
        /// The index in memory of each element.
        var indices: [Int] {
            zip(dims, strides).reduce([0]) { offsets, axis in
                offsets.flatMap { offset in (0..<axis.0).map { offset + $0 * axis.1 } }
            }
        }
    }

    /// Rows, columns, repeated rows, rows of blocks, a transpose, and rows longer than a block.
    @Test(arguments: [
        Broadcast(dims: [1], strides: [1]), Broadcast(dims: [50, 7], strides: [0, 1]),
        Broadcast(dims: [7, 50], strides: [1, 0]),
        Broadcast(dims: [3, 40, 5], strides: [5, 0, 1]),
        Broadcast(dims: [2, 3, 400, 8], strides: [24, 8, 0, 1]),
        Broadcast(dims: [30, 40], strides: [1, 30]), Broadcast(dims: [9, 1300], strides: [0, 1]),
        Broadcast(dims: [5, 1000, 3], strides: [3, 0, 2]),
    ])
    func `elements repeat`(broadcast: Broadcast) {
        let indices = broadcast.indices
        let memory = Cells(sample((indices.max() ?? 0) + 1))
        let halves = Cells(memory.values.map { UInt16($0.bitPattern >> 16) })
        let (result, half) = (Cells.unwritten(indices.count), Cells.unwritten(indices.count))
        runFused(
            indices.count,
            [
                .broadcast(memory, dims: broadcast.dims, strides: broadcast.strides),
                .broadcast(
                    halves, dims: broadcast.dims, strides: broadcast.strides, strata_bfloat16),
                .output(result), .output(half),
            ],
            [
                strata_instruction(strata_negate, to: 2, 0),
                strata_instruction(strata_copy, to: 3, 1),
            ])
        #expect(result.values == indices.map { -memory.values[$0] })
        #expect(
            half.values == indices.map { Float(bitPattern: UInt32(halves.values[$0]) << 16) })
    }
}
