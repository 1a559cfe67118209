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

    @Test(arguments: orders)
    func `the number of an element depends on its row-major index`(order: Order) {
        let (step, result) = (Cells<Int32>([-7]), Cells.unwritten(Self.count))
        runFused(
            Self.count, [.scalar(step, strata_int32), .output(result)],
            [strata_instruction(strata_random, to: 1, 0, key: Self.key)], loops: order.loops)
        let expected = order.indices(Self.count).map {
            Philox.uniform(index: $0, step: -7, key: Self.key)
        }
        expect(result.values, expected, units: 0)
    }

    /// Elements are dropped whose draw from 0 ..< 65,536 is below the rate.
    @Test(arguments: orders, [Float(0), 0.25, 0.75])
    func `dropout is zero or scaled`(order: Order, rate: Float) {
        let (step, result) = (Cells<Int32>([3]), Cells.unwritten(Self.count))
        let x = integers(Self.count, limit: 9)
        runFused(
            Self.count, [.full(Cells(x)), .scalar(step, strata_int32), .output(result)],
            [strata_instruction(strata_dropout, to: 2, 0, 1, rate: rate, key: Self.key)],
            loops: order.loops)
        let expected = zip(order.indices(Self.count), x).map { index, x in
            Double(Philox.draw(index: index, step: 3, key: Self.key)) < Double(rate) * 65_536
                ? 0 : Double(x) / Double(1 - rate)
        }
        // The scale and the product are rounded.
        expect(result.values, expected, units: 2)
    }
}
