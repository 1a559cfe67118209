#if MPI
internal import Strata
internal import StrataGraph

/// A process that mpirun has not started: nobody to sum with.
final class SingleRank: RankGroup {
    let communicator: any Communicator = SingleRankSums()
    let hosts: [String]

    init(host: String) { hosts = [host] }

    var failure: DistributionError? { nil }

    func broadcast(_ bytes: [UInt8]) -> [UInt8] { bytes }

    func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
}

private final class SingleRankSums: Communicator {
    let rank = 0
    let rankCount = 1

    var failure: String? { nil }

    func startSum(
        _ request: Int, _ values: UnsafeMutableRawPointer, count: Int, dtype: DType
    ) -> Bool { true }

    func progress() {}

    func finishSum(_ request: Int) -> Bool { true }
}
#endif
