import Testing

@testable import Strata

@Suite struct BatchDivisionTests {
    @Test(arguments: [
        (0, []), (1, [1]), (2, [2]), (3, [2, 1]), (4, [4]), (5, [4, 1]), (6, [4, 2]), (7, [8]),
        (9, [8, 1]), (13, [8, 4, 1]), (14, [16]), (23, [16, 8]), (27, [16, 8, 2, 1]), (28, [32]),
        (32, [32]), (33, [32, 1]), (70, [32, 32, 4, 2]),
    ])
    func `sizes of plans`(count: Int, sizes: [Int]) {
        #expect(BatchDivision.sizes(count).map(\.size) == sizes)
    }

    @Test func `the plans for any number of samples are known at once`() {
        for count in 0...200 {
            #expect(
                BatchDivision.planSizes(count) == Set(BatchDivision.sizes(count).map(\.size)))
        }
        // 2⁶³ - 1 samples are one fewer than a multiple of 32: 32 in each batch, the last one filled up.
        #expect(BatchDivision.planSizes(.max) == [32])
    }

    @Test func `every row of every request is in one batch, in order`() {
        for counts in [[1], [3, 1, 0, 2], [40, 1, 33], [5, 5, 5, 5, 5, 5, 5]] {
            let batches = BatchDivision.batches(of: counts)
            let parts = batches.flatMap(\.parts)
            let rows = parts.flatMap { part in part.rows.map { [part.request, $0] } }
            let expected = counts.indices.flatMap { request in
                (0..<counts[request]).map { [request, $0] }
            }
            #expect(rows == expected)
            for batch in batches {
                #expect(batch.count <= batch.size && batch.count * 8 >= batch.size * 7)
                #expect(batch.parts.reduce(0) { $0 + $1.rows.count } == batch.count)
                var first = 0
                for part in batch.parts {
                    #expect(part.first == first)
                    first += part.rows.count
                }
            }
        }
    }
}
