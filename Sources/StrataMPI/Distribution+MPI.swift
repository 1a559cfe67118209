#if MPI
internal import CMPI
internal import Glibc
public import Strata
internal import StrataGraph
internal import Synchronization

extension Distribution {
    /// The ranks that `mpirun` has started, one for each process.
    ///
    /// MPI is initialised at the first call and ends with the process; a later call gives the same
    /// ranks. A process that `mpirun` has not started is the only rank, without MPI. The cores of a
    /// host are divided by its ranks, unless `OMP_NUM_THREADS` or ``setThreadCount(_:)`` has given
    /// another number of threads. Rank 0 prints one line on standard error: the ranks, hosts and
    /// threads.
    ///
    /// A rank that dies, stalls or is cut off ends the work of all: rank 0 prints which one, and the
    /// calls of the others throw. A process that does not notice within three seconds ends with status
    /// 75. MPICH's `mpirun` kills all ranks as soon as one dies, at times before rank 0 has printed; then
    /// only its own message names the host and the process.
    ///
    /// - Parameter options: the type of what is sent, and the time limit; all but `wire` count at the
    ///   first call.
    /// - Throws: ``DistributionError`` for ranks that do not find each other, and for a `wire` of
    ///   another type.
    public static func mpi(_ options: MPIOptions = MPIOptions()) throws -> Distribution {
        guard options.wire == .float32 || options.wire == .bfloat16 else {
            throw DistributionError(
                "gradients cannot be sent as \(options.wire)", fix: "choose float32 or bfloat16")
        }
        let group = try MPIProcess.group(options)
        return Distribution(group, wire: options.wire)
    }
}

/// What there is once in a process.
enum MPIProcess {
    private static let joined = Mutex<(any RankGroup)?>(nil)

    static func group(_ options: MPIOptions) throws(DistributionError) -> any RankGroup {
        try joined.withLock { group throws(DistributionError) in
            if let group { return group }
            let made = try join(options)
            group = made
            return made
        }
    }

    /// What the launchers of Open MPI, MPICH and PMIx set.
    static func isRank(_ environment: [String: String]) -> Bool {
        ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK"]
            .contains { environment[$0] != nil }
    }

    private static func join(_ options: MPIOptions) throws(DistributionError) -> any RankGroup {
        let names = [
            "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK", "OMP_NUM_THREADS",
        ]
        var environment: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        guard isRank(environment) else {
            return SingleRank(host: Meeting.Rank.own(port: 0).placement.host)
        }
        let code = strata_mpi_start()
        guard code == 0 else {
            throw DistributionError(
                "MPI cannot be initialised (error \(code))",
                fix: "start the program with the mpirun of the MPI that it was built with")
        }
        strata_mpi_delay_termination()
        let (group, placement) = try MPIGroup.meet(options)
        let own = placement.ranks[group.sums.rank]
        // Another number is the user's.
        if environment["OMP_NUM_THREADS"] == nil, threadCount() == own.cores.count {
            setThreadCount(placement.threadCount(of: group.sums.rank))
        }
        if group.sums.rank == 0 {
            let line = Array((placement.description + "\n").utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        strata_mpi_at_exit { status in
            MPIProcess.joined.withLock { $0 as? MPIGroup }?.end(status: status)
        }
        return group
    }
}
#endif
