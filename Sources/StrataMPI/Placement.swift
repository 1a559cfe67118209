#if MPI
/// Where the ranks run, and with how many threads each.
struct Placement {
    struct Rank: Equatable {
        var host: String
        /// The cores that the process may use.
        var cores: Set<Int>
        /// The cores of its host.
        var hostCoreCount: Int
    }

    let ranks: [Rank]

    /// The threads of a rank: its part of each core that it may use, at least 1.
    ///
    /// mpirun may bind each rank to cores of its own, several to the same, or none at all.
    func threadCount(of rank: Int) -> Int { max(1, share(of: rank) / Self.unit) }

    /// A core is divided into so many parts, of which all usual numbers of ranks get whole ones.
    private static let unit = 720_720

    private func share(of rank: Int) -> Int {
        let all = neighbours(of: rank)
        return ranks[rank].cores.reduce(0) { sum, core in
            sum + Self.unit / all.count { $0.cores.contains(core) }
        }
    }

    /// One line, such as `4 ranks on 2 hosts, 8 threads each`.
    var description: String {
        let counts = ranks.indices.map(threadCount)
        let hostCount = Set(ranks.map(\.host)).count
        let (least, most) = (counts.min() ?? 1, counts.max() ?? 1)
        var text = "\(ranks.count) \(ranks.count == 1 ? "rank" : "ranks") on \(hostCount) "
        text += "\(hostCount == 1 ? "host" : "hosts"), "
        text += least == most ? "\(most)" : "\(least) to \(most)"
        text += " \(most == 1 ? "thread" : "threads") each"
        if let crowded = ranks.indices.first(where: { share(of: $0) < Self.unit }) {
            let isFull = neighbours(of: crowded).count > ranks[crowded].hostCoreCount
            text += "; ranks share a core and wait for one another: "
            text += isFull ? "start fewer on a host" : "mpirun --bind-to none"
        } else if let bound = ranks.indices.first(where: idles) {
            text += "; rank \(bound) may use \(ranks[bound].cores.count) of its host's "
            text += "\(ranks[bound].hostCoreCount) cores: mpirun --bind-to none, if it has bound it"
        }
        return text
    }

    /// Whether the ranks of a host together leave cores unused.
    private func idles(_ rank: Int) -> Bool {
        let used = neighbours(of: rank).reduce(into: Set<Int>()) { $0.formUnion($1.cores) }
        return used.count < ranks[rank].hostCoreCount
    }

    private func neighbours(of rank: Int) -> [Rank] {
        ranks.filter { $0.host == ranks[rank].host }
    }
}
#endif
