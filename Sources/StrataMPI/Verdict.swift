#if MPI
internal import Strata

/// Why the ranks cannot go on together.
enum Verdict: Equatable {
    /// The process ended without a goodbye.
    case died(rank: Int)
    /// Nothing is heard of the process, though its connection is open.
    case silent(rank: Int)
    /// The process lives, but does not come to what the others wait for.
    case stalled(rank: Int)
    /// The process ended well, while the others wait for it.
    case left(rank: Int)
    /// The process gave up, and says why.
    case abandoned(rank: Int, reason: String)
    /// All wait for what MPI does not deliver.
    case undelivered

    /// The message for all ranks.
    ///
    /// - Parameters:
    ///   - hosts: the host of each rank.
    ///   - limit: in milliseconds.
    func error(hosts: [String], limit: Int) -> DistributionError {
        func name(_ rank: Int) -> String { "rank \(rank) on host \(hosts[rank])" }
        let resume = "start again, or go on from the last checkpoint (strata train --resume)"
        let time = limit % 1000 == 0 ? "\(limit / 1000) s" : "\(limit) ms"
        return switch self {
        case .died(let rank):
            DistributionError("\(name(rank)) died", fix: resume)
        case .silent(let rank):
            DistributionError(
                "\(name(rank)) is stopped or cut off: nothing is heard of it (time limit \(time))",
                fix: "look at that host and its network; \(resume)")
        case .stalled(let rank):
            DistributionError(
                "\(name(rank)) stalls: the others wait for it (time limit \(time))",
                fix: "look at what it does there, or give a longer timeLimit; \(resume)")
        case .left(let rank):
            DistributionError(
                "\(name(rank)) has ended, while the others wait for it",
                fix: "let all ranks make the same calls")
        case .abandoned(let rank, let reason):
            DistributionError("\(name(rank)): \(reason)", fix: resume)
        case .undelivered:
            DistributionError(
                "no rank gets the others' data, though all of them live",
                fix: "choose MPI's network, with --mca btl_tcp_if_include or -iface; \(resume)")
        }
    }
}
#endif
