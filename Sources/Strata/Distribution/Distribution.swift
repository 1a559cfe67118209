package import StrataGraph

/// The processes that train a model together, each on its share of every batch.
///
/// Each process is a rank, as MPI calls it. ``Model/distribute(_:)`` gives a model its ranks. The
/// product StrataMPI, of the trait `MPI`, makes a distribution from what `mpirun` has started:
///
/// ```swift
/// import StrataMPI
///
/// let ranks = try Distribution.mpi()
/// print("rank \(ranks.rank) of \(ranks.rankCount) on \(ranks.hosts[ranks.rank])")
/// try model.distribute(ranks)
/// ```
public struct Distribution: Sendable {
    /// The number of this process, from 0 on.
    public var rank: Int { group.rank }

    /// The number of processes.
    public var rankCount: Int { group.rankCount }

    /// The name of the host of each rank.
    public var hosts: [String] { group.hosts }

    /// The type of gradients while they are sent, `float32` or `bfloat16`.
    package let wire: DType

    package let group: any RankGroup

    package init(_ group: any RankGroup, wire: DType = .float32) {
        self.group = group
        self.wire = wire
    }
}

/// An error of ranks that compute together: one that died, that stalls or that disagrees.
public struct DistributionError: Error, Hashable, Sendable {
    /// The facts, with the rank and its host where one of them is the cause.
    public let problem: String

    /// What to do about it.
    public let fix: String

    package init(_ problem: String, fix: String) {
        self.problem = problem
        self.fix = fix
    }
}

extension DistributionError: CustomStringConvertible {
    /// Two lines: the problem and the fix.
    public var description: String { "\(problem)\n  fix: \(fix)" }
}
