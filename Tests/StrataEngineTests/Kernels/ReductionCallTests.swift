import CKernels
import Foundation
import Testing

/// Reductions, softmax and the rows of tables, called directly, against plain loops in `Double`.
@Suite struct ReductionCallTests {
    /// Outer, length and inner: single elements, lengths beside those of vectors, columns and many rows.
    static let shapes = [
        [1, 1, 1], [1, 17, 1], [3, 5, 1], [2, 3, 7], [1, 33, 65], [70, 40, 3],
    ]

    private static func lines(_ x: [Float], _ shape: [Int]) -> [[Double]] {
        (0..<shape[0] * shape[2]).map { line in
            (0..<shape[1]).map { step in
                let (outer, inner) = (line / shape[2], line % shape[2])
                return Double(x[(outer * shape[1] + step) * shape[2] + inner])
            }
        }
    }

    private static func reduced(
        _ kind: strata_reduction_kind, _ x: [Float], _ shape: [Int]
    ) -> [Float] {
        let (source, result) = (Cells(x), Cells([Float](repeating: 9, count: shape[0] * shape[2])))
        call(
            strata_run_reduction,
            strata_reduction(
                kind: Int32(kind.rawValue), outer: Int64(shape[0]), length: Int64(shape[1]),
                inner: Int64(shape[2]), source: source.base, destination: result.base))
        withExtendedLifetime(source) {}
        return result.values
    }

    @Test(arguments: shapes)
    func `sums, means and extremes`(shape: [Int]) {
        let x = sample(shape.reduce(1, *))
        let lines = Self.lines(x, shape)
        // Sums of up to 40 values below 8.
        let units = 8.0 * Double(shape[1])
        expect(Self.reduced(strata_sum, x, shape), lines.map { $0.reduce(0, +) }, units: units)
        expect(
            Self.reduced(strata_mean, x, shape),
            lines.map { $0.reduce(0, +) / Double(shape[1]) }, units: units)
        expect(Self.reduced(strata_reduce_maximum, x, shape), lines.map { $0.max() ?? 0 }, units: 0)
        expect(Self.reduced(strata_reduce_minimum, x, shape), lines.map { $0.min() ?? 0 }, units: 0)
    }

    @Test func `products`() {
        let x: [Float] = [2, 3, -1, 0.5, 4, 8]
        expect(Self.reduced(strata_product, x, [2, 3, 1]), [-6, 16], units: 0)
        expect(Self.reduced(strata_product, x, [1, 2, 3]), [1, 12, -8], units: 0)
    }

    @Test(arguments: [strata_sum, strata_mean, strata_reduce_maximum, strata_reduce_minimum])
    func `NaN is propagated`(kind: strata_reduction_kind) {
        var x = sample(2 * 19)
        x[5] = .nan
        let got = Self.reduced(kind, x, [2, 19, 1])
        #expect(got[0].isNaN && !got[1].isNaN)
    }

    @Test(arguments: shapes)
    func `the index of the largest, the first of equals`(shape: [Int]) {
        let x = sample(shape.reduce(1, *)).map { $0.rounded() }
        let source = Cells(x)
        let result = Cells([Int32](repeating: 9, count: shape[0] * shape[2]))
        call(
            strata_run_arg_max,
            strata_arg_max(
                outer: Int64(shape[0]), length: Int64(shape[1]), inner: Int64(shape[2]),
                source: source.base, destination: result.base))
        let expected = Self.lines(x, shape).map { line in
            Int32(line.firstIndex(of: line.max() ?? 0) ?? 0)
        }
        #expect(result.values == expected)
        withExtendedLifetime(source) {}
    }

    @Test(arguments: shapes, [false, true])
    func `softmax and its logarithm`(shape: [Int], isLogarithm: Bool) {
        let x = sample(shape.reduce(1, *))
        let (source, result) = (Cells(x), Cells([Float](repeating: 9, count: x.count)))
        call(
            strata_run_softmax,
            strata_softmax(
                outer: Int64(shape[0]), length: Int64(shape[1]), inner: Int64(shape[2]),
                is_logarithm: isLogarithm ? 1 : 0, source: source.base, destination: result.base))
        let expected = Self.lines(x, shape).map { line in
            let largest = line.max() ?? 0
            let sum = line.map { exp($0 - largest) }.reduce(0, +)
            return line.map { isLogarithm ? $0 - largest - log(sum) : exp($0 - largest) / sum }
        }
        for (got, line) in zip(Self.lines(result.values, shape), expected) {
            // exp and a sum of up to 40 terms of at most 1; logarithms of up to 12.
            expect(got.map { Float($0) }, line, units: 64)
        }
        withExtendedLifetime(source) {}
    }

    @Test func `rows that are not there are NaN, and get nothing`() {
        let table = Cells(sample(6))
        let indices = Cells([Int32(2), -1, 3, -4, 0])
        let rows = Cells([Float](repeating: 9, count: 10))
        call(
            strata_run_gather,
            strata_gather(
                rows: 3, count: 5, row_size: 8, source: table.bytes, indices: indices.base,
                destination: rows.bytes))
        let x = table.values.map { Double($0) }
        expect(
            rows.values,
            [x[4], x[5], x[4], x[5], .nan, .nan, .nan, .nan, x[0], x[1]], units: 0)
        let (added, result) = (Cells(sample(10)), Cells([Float](repeating: 9, count: 6)))
        call(
            strata_run_scatter_add,
            strata_scatter_add(
                rows: 3, count: 5, width: 2, source: added.base, indices: indices.base,
                destination: result.base))
        let y = added.values.map { Double($0) }
        expect(result.values, [y[8], y[9], 0, 0, y[0] + y[2], y[1] + y[3]])
        withExtendedLifetime((table, indices, added)) {}
    }

    @Test func `classes as rows, and whether the target is among the best`() {
        let classes = Cells([Int32(2), 0, 5, -1])
        let rows = Cells([Float](repeating: 9, count: 12))
        call(
            strata_run_one_hot,
            strata_one_hot(count: 4, depth: 3, source: classes.base, destination: rows.base))
        #expect(rows.values == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
        let (predictions, targets) = (Cells(sample(8)), Cells([Int32(1), 3]))
        let hits = Cells([Float](repeating: 9, count: 2))
        call(
            strata_run_in_top_k,
            strata_in_top_k(
                rows: 2, classes: 4, k: 2, predictions: predictions.base, targets: targets.base,
                destination: hits.base))
        let expected = (0..<2).map { row -> Float in
            let line = predictions.values[row * 4..<row * 4 + 4]
            let own = predictions.values[row * 4 + Int(targets.values[row])]
            return line.count { $0 > own } < 2 ? 1 : 0
        }
        #expect(hits.values == expected)
        withExtendedLifetime((classes, predictions, targets)) {}
    }
}
