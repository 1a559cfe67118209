#if MPI
/// What rank 0 knows of all ranks, and what follows from it.
///
/// Times are in milliseconds.
struct RankWatch {
    struct Rank: Equatable {
        var heardAt: Int
        /// When its sums last went on.
        var changedAt: Int
        var stepCount = 0
        /// For how long it has been waiting for the others; 0 if it is not.
        var waited = 0
        var hasLeft = false
    }

    /// How long a rank may be silent, or keep others waiting.
    let limit: Int
    private(set) var ranks: [Rank]

    init(rankCount: Int, limit: Int, now: Int) {
        self.limit = limit
        ranks = Array(repeating: Rank(heardAt: now, changedAt: now), count: rankCount)
    }

    /// - Parameter stepCount: the sums and messages that the rank has started and finished.
    mutating func hear(_ rank: Int, stepCount: Int, waited: Int, now: Int) {
        ranks[rank].heardAt = now
        ranks[rank].waited = waited
        if ranks[rank].stepCount != stepCount {
            ranks[rank].stepCount = stepCount
            ranks[rank].changedAt = now
        }
    }

    mutating func leave(_ rank: Int) { ranks[rank].hasLeft = true }

    func verdict(now: Int) -> Verdict? {
        if let rank = ranks.firstIndex(where: { !$0.hasLeft && now - $0.heardAt >= limit }) {
            return .silent(rank: rank)
        }
        guard ranks.contains(where: { $0.waited >= limit }) else { return nil }
        if let rank = ranks.firstIndex(where: \.hasLeft) { return .left(rank: rank) }
        // What MPI sends goes on only while its process calls MPI, so one that has started all sums can
        // keep the others waiting too.
        let idle = ranks.indices.filter {
            ranks[$0].waited == 0 && now - ranks[$0].changedAt >= limit
        }
        if let rank = idle.min(by: { ranks[$0].stepCount < ranks[$1].stepCount }) {
            return .stalled(rank: rank)
        }
        return ranks.allSatisfy { $0.waited >= limit } ? .undelivered : nil
    }
}
#endif
