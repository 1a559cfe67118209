import StrataEngine
import StrataGraph
import Testing

/// Cumulative sums; the numbers are those of `numpy.cumsum`, of the reversed array where they begin at the end.
@Suite struct CumulativeSumTests {
    private static let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])

    private static let cases: [(axis: Int, exclusive: Bool, reverse: Bool, expected: [Float])] = [
        (0, false, false, [1, 2, 3, 5, 7, 9]),
        (1, false, false, [1, 3, 6, 4, 9, 15]),
        (-1, false, false, [1, 3, 6, 4, 9, 15]),
        (1, true, false, [0, 1, 3, 0, 4, 9]),
        (1, false, true, [6, 5, 3, 15, 11, 6]),
        (1, true, true, [5, 3, 0, 11, 6, 0]),
    ]

    @Test(arguments: cases)
    func `sums are NumPy's`(
        item: (axis: Int, exclusive: Bool, reverse: Bool, expected: [Float])
    ) throws {
        let sum = SymbolicTensor.input("x", [2, 3]).cumulativeSum(
            axis: item.axis, exclusive: item.exclusive, reverse: item.reverse)
        let result = try CPUEngine().evaluate([sum], inputs: ["x": Self.x])
        #expect(result == [Tensor(item.expected, shape: [2, 3])])
    }

    @Test(arguments: [DType.int32, .bfloat16])
    func `whole numbers keep their type`(dtype: DType) throws {
        let sum = SymbolicTensor.input("x", [2, 3], dtype: dtype).cumulativeSum(axis: 0)
        let result = try CPUEngine().evaluate([sum], inputs: ["x": Self.x])
        #expect(result == [Tensor([1, 2, 3, 5, 7, 9], shape: [2, 3]).cast(to: dtype)])
    }

    /// 10⁶ · 0.1, of which float32 sums would miss 1 %.
    @Test func `long sums lose no digits`() throws {
        let count = 1_000_000
        let sum = SymbolicTensor.constant(0.1).broadcast(to: [count]).cumulativeSum(axis: 0)
        let result = try CPUEngine().evaluate([sum])
        #expect(result[0].scalars.last == 100_000)
    }

    @Test func `an axis that is not there is an error`() {
        let sum = SymbolicTensor.input("x", [2, 3]).cumulativeSum(axis: 2)
        #expect(sum.error?.problem.sentence == "[2, 3] has no axis 2")
    }
}
