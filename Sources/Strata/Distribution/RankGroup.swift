package import StrataGraph

/// The ranks of one job, and what they tell each other outside of a graph.
///
/// All ranks make the same calls in the same order. They are for one thread at a time.
package protocol RankGroup: AnyObject, Sendable {
    /// The sums of graphs.
    var communicator: any Communicator { get }

    /// The name of the host of each rank.
    var hosts: [String] { get }

    /// Rank 0's bytes, for all ranks.
    ///
    /// - Parameter bytes: ignored at other ranks.
    func broadcast(_ bytes: [UInt8]) throws(DistributionError) -> [UInt8]

    /// The bytes of each rank, which may differ in number, for all ranks.
    func gather(_ bytes: [UInt8]) throws(DistributionError) -> [[UInt8]]

    /// Why a call or a sum failed; `nil` as long as none did.
    var failure: DistributionError? { get }

    /// Marks work that may take longer than the others are to wait.
    func setBusy(_ isBusy: Bool)

    /// Tells the other ranks that this process ends with an error that all of them have, so that it is
    /// not said to have died.
    func leave()

    /// Tells the other ranks why this one gives up, before its process ends with an error.
    ///
    /// - Parameter reason: the facts, in one line.
    func abandon(_ reason: String)
}

extension RankGroup {
    var rank: Int { communicator.rank }

    var rankCount: Int { communicator.rankCount }

    package func setBusy(_ isBusy: Bool) {}

    package func leave() {}

    package func abandon(_ reason: String) {}
}
