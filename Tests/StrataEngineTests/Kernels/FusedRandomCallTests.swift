import CKernels
import StrataTestSupport
import Testing

/// Random numbers and dropout of fused elementwise operations, called directly, against Philox in Swift.
@Suite struct FusedRandomCallTests {
    struct Order: Sendable, CustomStringConvertible {
        var description: String
        var loops: [(count: Int, stride: Int)]

        /// The row-major index of each element of memory.
        func indices(_ count: Int) -> [Int] {
            loops.isEmpty
                ? Array(0..<count)
                : loops.reduce([0]) { offsets, loop in
                    offsets.flatMap { first in (0..<loop.count).map { first + $0 * loop.stride } }
                }
        }
    }

    /// 9,600 elements in row-major order, in blocks of 16 and 5 channels of 80 and 15, and transposed.
    private static let orders = [
        Order(description: "row-major", loops: []),
        Order(description: "blocks of 16", loops: [(5, 16), (120, 80), (16, 1)]),
        Order(description: "blocks of 5", loops: [(3, 5), (640, 15), (5, 1)]),
        Order(description: "transposed", loops: [(96, 1), (100, 96)]),
    ]
    private static let count = 9600
    private static let key: UInt64 = 0x0123_4567_89AB_CDEF

    /// The first row of a larger batch, and the elements of a row; none where these are 0.
    struct Rows: Sendable {
        var first: Int32
        var size: Int

        var offset: Int { Int(first) * size }
    }

    /// In the middle of a counter's numbers and not, and beyond 32 bits.
    private static let batches = [
        Rows(first: 9, size: 0), Rows(first: 3, size: 7), Rows(first: 2, size: 784),
        Rows(first: 5, size: 4), Rows(first: .max, size: 10),
        Rows(first: .max, size: (1 << 30) + 1),
    ]

    @Test(arguments: orders, batches)
    func `the number of an element depends on its row-major index`(order: Order, rows: Rows) {
        let (step, result) = (Cells<Int32>([-7]), Cells.unwritten(Self.count))
        runFused(
            Self.count,
            [
                .scalar(step, strata_int32), .scalar(Cells([rows.first]), strata_int32),
                .output(result),
            ],
            [
                strata_instruction(
                    strata_random, to: 2, 0, 1, key: Self.key, rowSize: UInt64(rows.size))
            ], loops: order.loops)
        let expected = order.indices(Self.count).map {
            Philox.uniform(index: rows.offset + $0, step: -7, key: Self.key)
        }
        expect(result.values, expected, units: 0)
    }

    /// Elements are dropped whose draw from 0 ..< 65,536 is below the rate.
    @Test(arguments: orders, [Float(0), 0.25, 0.75])
    func `dropout is zero or scaled`(order: Order, rate: Float) {
        checkDropout(order, rate, Self.batches[0])
    }

    @Test(arguments: orders, batches)
    func `rows drop what they drop in the whole batch`(order: Order, rows: Rows) {
        checkDropout(order, 0.5, rows)
    }

    private func checkDropout(_ order: Order, _ rate: Float, _ rows: Rows) {
        let (step, result) = (Cells<Int32>([3]), Cells.unwritten(Self.count))
        let x = integers(Self.count, limit: 9)
        runFused(
            Self.count,
            [
                .full(Cells(x)), .scalar(step, strata_int32),
                .scalar(Cells([rows.first]), strata_int32), .output(result),
            ],
            [
                strata_instruction(
                    strata_dropout, to: 3, 0, 1, 2, rate: rate, key: Self.key,
                    rowSize: UInt64(rows.size))
            ], loops: order.loops)
        let expected = zip(order.indices(Self.count), x).map { index, x in
            Double(Philox.draw(index: rows.offset + index, step: 3, key: Self.key)) < Double(rate)
                * 65_536
                ? 0 : Double(x) / Double(1 - rate)
        }
        // The scale and the product are rounded.
        expect(result.values, expected, units: 2)
    }
}
