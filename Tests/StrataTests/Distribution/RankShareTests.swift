import Testing

@testable import Strata

@Suite struct RankShareTests {
    @Test(arguments: 1...9, 1...6)
    func `each sample of a batch belongs to one rank, and ranks differ by one at most`(
        count: Int, rankCount: Int
    ) {
        let shares = (0..<rankCount).map { RankShare(of: count, rank: $0, rankCount: rankCount) }
        let present = shares.filter(\.isPresent)
        #expect(present.flatMap { Array($0.rows) } == Array(0..<count))
        let sizes = shares.map { $0.isPresent ? $0.rows.count : 0 }
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        #expect(shares.allSatisfy { $0.count == count })
        // One that has none computes the first one.
        #expect(shares.filter { !$0.isPresent }.allSatisfy { $0.rows == 0..<1 })
    }
}
