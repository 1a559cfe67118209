/// The samples of a batch that one rank computes.
///
/// Ranks have as many samples as possible in common; the first ones have one more where the batch is
/// not divisible. A rank for which there is none computes the first sample, and counts it as nothing.
struct RankShare: Equatable {
    /// The number of samples in the batch.
    let count: Int
    /// The indices of the rank's samples in the batch.
    let rows: Range<Int>
    /// Whether the rank's samples count.
    let isPresent: Bool

    /// - Parameter count: the number of samples in the batch, 1 or more.
    init(of count: Int, rank: Int, rankCount: Int) {
        let (least, rest) = count.quotientAndRemainder(dividingBy: rankCount)
        let first = rank * least + min(rank, rest)
        let own = least + (rank < rest ? 1 : 0)
        self.count = count
        isPresent = own > 0
        rows = isPresent ? first..<first + own : 0..<min(1, count)
    }
}

extension Distribution {
    /// This rank's share of a batch.
    func share(of count: Int) -> RankShare {
        RankShare(of: count, rank: rank, rankCount: rankCount)
    }
}
