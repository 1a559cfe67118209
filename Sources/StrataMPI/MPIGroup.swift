#if MPI
internal import CMPI
internal import Strata
internal import StrataGraph

/// The ranks that mpirun has started, and their messages.
final class MPIGroup: RankGroup, @unchecked Sendable {
    let sums: MPICommunicator
    private(set) var hosts: [String] = []
    private let request: OpaquePointer
    private let limit: Int

    var communicator: any Communicator { sums }

    var failure: DistributionError? { sums.error }

    /// MPI moves at most 2 GiB at once, and the others see after each piece that it goes on.
    private static let pieceSize = 256 << 20

    private init(_ options: MPIOptions) throws(DistributionError) {
        guard let request = strata_mpi_make_request() else {
            throw DistributionError("there is no memory for messages", fix: "free some of it")
        }
        self.request = request
        sums = MPICommunicator(isDeterministic: options.isDeterministic)
        limit = options.limit
    }

    deinit { strata_mpi_free_request(request) }

    /// Where this process is one of several: the ranks know each other from then on.
    static func meet(
        _ options: MPIOptions
    ) throws(DistributionError) -> (group: MPIGroup, placement: Placement) {
        let group = try MPIGroup(options)
        var port: Int32 = 0
        let listener = strata_mpi_listen(&port)
        let own = Meeting.Rank.own(port: Int(port))
        let ranks = try group.gather(own.bytes).compactMap(Meeting.Rank.init)
        guard ranks.count == group.sums.rankCount, listener >= 0 else {
            throw DistributionError(
                "rank \(group.sums.rank) on host \(own.placement.host) cannot listen over TCP",
                fix: "start all ranks from the same build, and allow it more open files")
        }
        let meeting = Meeting(rank: group.sums.rank, ranks: ranks, limit: group.limit)
        group.hosts = meeting.hosts
        if ranks.count > 1 {
            group.sums.monitor = try Monitor.start(meeting, try meeting.connect(listener))
        }
        return (group, Placement(ranks: ranks.map(\.placement)))
    }

    func broadcast(_ bytes: [UInt8]) throws(DistributionError) -> [UInt8] {
        guard sums.rankCount > 1 else { return bytes }
        let count = try broadcast(Self.eightBytes(bytes.count), count: 8)
        let size = Self.number(count[...])
        return try broadcast(bytes, count: size)
    }

    private func broadcast(
        _ bytes: [UInt8], count: Int
    ) throws(DistributionError) -> [UInt8] {
        var result = sums.rank == 0 ? bytes : [UInt8](repeating: 0, count: count)
        var error: DistributionError?
        result.withUnsafeMutableBytes { memory in
            for start in stride(from: 0, to: count, by: Self.pieceSize) {
                let size = min(Self.pieceSize, count - start)
                error = run {
                    strata_mpi_start_broadcast(
                        request, memory.baseAddress.map { $0 + start }, Int32(size))
                }
                if error != nil { return }
            }
        }
        if let error { throw error }
        return result
    }

    func gather(_ bytes: [UInt8]) throws(DistributionError) -> [[UInt8]] {
        let count = sums.rankCount
        guard count > 1 else { return [bytes] }
        let counts = try collect(
            Self.eightBytes(bytes.count), counts: Array(repeating: 8, count: count))
        let sizes = counts.map { Self.number($0[...]) }
        var result = sizes.map { _ in [UInt8]() }
        for (index, size) in sizes.enumerated() { result[index].reserveCapacity(size) }
        let piece = Self.pieceSize / count
        for start in stride(from: 0, to: sizes.max() ?? 0, by: piece) {
            let part = sizes.map { min(max($0 - start, 0), piece) }
            let own = bytes.dropFirst(start).prefix(piece)
            for (index, piece) in try collect(Array(own), counts: part).enumerated() {
                result[index] += piece
            }
        }
        return result
    }

    /// Bytes of all ranks, together less than 2 GiB.
    private func collect(
        _ bytes: [UInt8], counts: [Int]
    ) throws(DistributionError) -> [[UInt8]] {
        var places = [0]
        for count in counts { places.append(places[places.count - 1] + count) }
        var all = [UInt8](repeating: 0, count: places[counts.count])
        all.replaceSubrange(places[sums.rank]..<places[sums.rank + 1], with: bytes)
        let (sizes, starts) = (counts.map(Int32.init), places.map(Int32.init))
        let lane = Int32(STRATA_MPI_LANE_MESSAGE)
        let error = all.withUnsafeMutableBytes { memory in
            sizes.withUnsafeBufferPointer { sizes in
                starts.withUnsafeBufferPointer { starts in
                    run {
                        strata_mpi_start_collect(
                            request, lane, memory.baseAddress, sizes.baseAddress,
                            starts.baseAddress, 1)
                    }
                }
            }
        }
        if let error { throw error }
        return counts.indices.map { Array(all[places[$0]..<places[$0 + 1]]) }
    }

    /// Starts one call of MPI and waits until it is done; its memory must stay where it is.
    private func run(_ start: () -> Int32) -> DistributionError? {
        if let failure { return failure }
        sums.monitor?.countStep()
        var code = start()
        var isDone: Int32 = 0
        let now = Int(strata_mpi_milliseconds())
        let hasCome =
            code == 0
            && sums.wait(
                until: {
                    code = strata_mpi_test(request, &isDone)
                    return code != 0 || isDone != 0
                }, end: sums.monitor == nil ? now + limit : .max)
        if code != 0 { _ = sums.fail(code) }
        if let failure { return failure }
        guard hasCome else {
            return DistributionError(
                "the other ranks did not answer within \(limit / 1000) s of the start",
                fix: "let all ranks call Distribution.mpi, and MPI reach all hosts")
        }
        sums.monitor?.countStep()
        return nil
    }

    func setBusy(_ isBusy: Bool) { sums.monitor?.setBusy(isBusy) }

    func leave() { sums.monitor?.leave() }

    func abandon(_ reason: String) { _ = sums.monitor?.abandon(reason) }

    /// At the end of the process: MPI ends well only if all ranks do.
    func end(status: Int32) {
        guard status == 0, sums.isIdle, failure == nil else { return }
        sums.monitor?.leave()
        _ = strata_mpi_finalize()
    }

    private static func eightBytes(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: Int64(number).littleEndian, Array.init)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
#endif
