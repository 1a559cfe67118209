import CKernels
import Testing

/// Cumulative sums, called directly, against plain loops in `Double`.
@Suite struct CumulativeSumCallTests {
    private static func sums(
        _ x: [Float], _ shape: [Int], isExclusive: Bool, isReversed: Bool
    ) -> [Float] {
        let (source, result) = (Cells(x), Cells.unwritten(x.count))
        call(
            strata_run_cumulative_sum,
            strata_cumulative_sum(
                outer: Int64(shape[0]), length: Int64(shape[1]), inner: Int64(shape[2]),
                is_exclusive: isExclusive ? 1 : 0, is_reversed: isReversed ? 1 : 0,
                source: source.base, destination: result.base),
            reading: [source], writing: [result])
        return result.values
    }

    private static func expected(
        _ x: [Float], _ shape: [Int], isExclusive: Bool, isReversed: Bool
    ) -> [Double] {
        var expected = [Double](repeating: 0, count: x.count)
        for outer in 0..<shape[0] {
            for inner in 0..<shape[2] {
                let steps = Array(0..<shape[1])
                var sum = 0.0
                for step in isReversed ? steps.reversed() : steps {
                    let index = (outer * shape[1] + step) * shape[2] + inner
                    if isExclusive { expected[index] = sum }
                    sum += Double(x[index])
                    if !isExclusive { expected[index] = sum }
                }
            }
        }
        return expected
    }

    /// Sums of integers, which are exact.
    ///
    /// The last ones are divided among threads.
    @Test(arguments: ReductionCallTests.shapes + [[40, 900, 1]], [false, true])
    func `sums up to each element`(shape: [Int], isExclusive: Bool) {
        let x = integers(shape.reduce(1, *), limit: 9)
        for isReversed in [false, true] {
            expect(
                Self.sums(x, shape, isExclusive: isExclusive, isReversed: isReversed),
                Self.expected(x, shape, isExclusive: isExclusive, isReversed: isReversed),
                units: 0)
        }
    }

    @Test func `NaN is propagated to the sums behind it`() {
        let x: [Float] = [1, 2, .nan, 4]
        expect(
            Self.sums(x, [1, 4, 1], isExclusive: false, isReversed: false), [1, 3, .nan, .nan])
        expect(
            Self.sums(x, [1, 4, 1], isExclusive: true, isReversed: false), [0, 1, 3, .nan])
        expect(
            Self.sums(x, [1, 4, 1], isExclusive: false, isReversed: true), [.nan, .nan, .nan, 4])
    }
}
