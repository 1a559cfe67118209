#if MPI
import Strata
import Testing

@testable import StrataMPI

@Suite struct RankWatchTests {
    /// What a rank last told: its steps, how long it has waited, and when.
    typealias Beat = (steps: Int, waited: Int, at: Int)

    private static func watch(_ beats: [Beat]) -> RankWatch {
        var watch = RankWatch(rankCount: beats.count, limit: 1000, now: 0)
        for (rank, beat) in beats.enumerated() {
            watch.hear(rank, stepCount: beat.steps, waited: beat.waited, now: beat.at)
        }
        return watch
    }

    @Test("ranks that work or wait shortly go on")
    func goOn() {
        let watch = Self.watch([(9, 0, 5000), (9, 999, 5000), (8, 0, 4500)])
        #expect(watch.verdict(now: 5000) == nil)
    }

    @Test("a rank that is silent for the limit is named, at the limit and not before")
    func silent() {
        let watch = Self.watch([(9, 0, 5000), (9, 0, 5000), (9, 0, 4000)])
        #expect(watch.verdict(now: 4999) == nil)
        #expect(watch.verdict(now: 5000) == .silent(rank: 2))
    }

    @Test("a rank that has left may be silent")
    func silentAfterGoodbye() {
        var watch = Self.watch([(9, 0, 5000), (9, 0, 1000)])
        watch.leave(1)
        #expect(watch.verdict(now: 5000) == nil)
        watch.hear(0, stepCount: 10, waited: 1000, now: 5500)
        #expect(watch.verdict(now: 5500) == .left(rank: 1))
    }

    @Test("the rank that the others wait for is named, the furthest behind first")
    func stalled() {
        var watch = Self.watch([(9, 0, 100), (7, 0, 100), (8, 0, 100), (6, 0, 100)])
        watch.hear(0, stepCount: 9, waited: 1000, now: 1100)
        watch.hear(1, stepCount: 7, waited: 0, now: 1050)
        watch.hear(2, stepCount: 8, waited: 0, now: 1050)
        // It has made a step.
        watch.hear(3, stepCount: 7, waited: 0, now: 1050)
        #expect(watch.verdict(now: 1099) == nil)
        #expect(watch.verdict(now: 1100) == .stalled(rank: 1))
    }

    @Test("a rank that has started all sums can keep the others waiting")
    func stalledBetween() {
        var watch = Self.watch([(9, 0, 100), (9, 0, 100)])
        watch.hear(0, stepCount: 9, waited: 1000, now: 1100)
        watch.hear(1, stepCount: 9, waited: 0, now: 1100)
        #expect(watch.verdict(now: 1100) == .stalled(rank: 1))
    }

    @Test("where all wait, MPI does not deliver")
    func undelivered() {
        #expect(Self.watch([(9, 1000, 100), (9, 1200, 100)]).verdict(now: 200) == .undelivered)
        #expect(Self.watch([(9, 1000, 100), (9, 900, 100)]).verdict(now: 200) == nil)
    }

    static let errors: [(Verdict, String)] = [
        (.died(rank: 1), "rank 1 on host node2 died"),
        (
            .silent(rank: 0),
            "rank 0 on host node1 is stopped or cut off: nothing is heard of it (time limit 60 s)"
        ),
        (
            .stalled(rank: 1),
            "rank 1 on host node2 stalls: the others wait for it (time limit 60 s)"
        ),
        (.left(rank: 1), "rank 1 on host node2 has ended, while the others wait for it"),
        (
            .abandoned(rank: 1, reason: "the disk is full"),
            "rank 1 on host node2: the disk is full"
        ),
        (.undelivered, "no rank gets the others' data, though all of them live"),
    ]

    @Test("the message names the rank and its host", arguments: errors)
    func messages(_ verdict: Verdict, _ problem: String) {
        let error = verdict.error(hosts: ["node1", "node2"], limit: 60_000)
        #expect(error.problem == problem)
        #expect(!error.fix.isEmpty)
    }
}
#endif
