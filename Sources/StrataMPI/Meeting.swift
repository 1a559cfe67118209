#if MPI
internal import CMPI
internal import Glibc
internal import Strata

/// What a rank tells all others at the start, and how their monitors find each other.
struct Meeting {
    struct Rank {
        var placement: Placement.Rank
        var addresses: [String]
        var port: Int
        /// Rank 0's, with which a connection shows that it comes from one of its ranks.
        var token: Int
    }

    let rank: Int
    let ranks: [Rank]
    let limit: Int

    var hosts: [String] { ranks.map(\.placement.host) }

    /// One connection to rank 0, or at rank 0 one to each other.
    ///
    /// - Parameter listener: this rank's listening socket.
    func connect(_ listener: Int32) throws(DistributionError) -> [Link] {
        rank == 0 ? try acceptAll(listener) : [try connectToFirst()]
    }

    private func acceptAll(_ listener: Int32) throws(DistributionError) -> [Link] {
        let end = strata_mpi_milliseconds() + Int64(limit)
        var unknown: [Link] = []
        var links = [Link?](repeating: nil, count: ranks.count - 1)
        while links.contains(where: { $0 == nil }) {
            guard strata_mpi_milliseconds() < end else {
                let missing = links.indices.filter { links[$0] == nil }.map {
                    "rank \($0 + 1) on host \(hosts[$0 + 1])"
                }
                throw DistributionError(
                    "rank 0 on host \(hosts[0]) was not reached over TCP by "
                        + missing.joined(separator: ", "),
                    fix: "let the hosts reach each other on all ports")
            }
            let sockets = [listener] + unknown.map(\.socket)
            strata_mpi_poll(sockets, Int32(sockets.count), 100)
            let socket = strata_mpi_accept(listener)
            if socket >= 0 { unknown.append(Link(socket)) }
            for index in unknown.indices {
                for frame in unknown[index].receive()
                where frame.kind == .hello && frame.second == ranks[0].token
                    && ranks.indices.dropFirst().contains(frame.first)
                {
                    unknown[index].send(Frame(kind: .welcome, second: ranks[0].token))
                    links[frame.first - 1] = unknown[index]
                }
            }
            let known = Set(links.compactMap { $0?.socket })
            for link in unknown where !link.isOpen && !known.contains(link.socket) {
                close(link.socket)
            }
            unknown.removeAll { !$0.isOpen || known.contains($0.socket) }
        }
        for link in unknown { close(link.socket) }
        return links.compactMap { $0 }
    }

    private func connectToFirst() throws(DistributionError) -> Link {
        let end = strata_mpi_milliseconds() + Int64(limit)
        let wait = Int32(clamping: min(limit / 4, 2000))
        repeat {
            for address in addresses(of: 0) {
                let socket = strata_mpi_connect(address, Int32(ranks[0].port), wait)
                guard socket >= 0 else { continue }
                var link = Link(socket)
                link.send(Frame(kind: .hello, first: rank, second: ranks[0].token))
                strata_mpi_poll([socket], 1, wait)
                // Another program may have that address and port on this host.
                if link.receive().contains(Frame(kind: .welcome, second: ranks[0].token)) {
                    return link
                }
                close(socket)
            }
            usleep(100_000)
        } while strata_mpi_milliseconds() < end
        throw DistributionError(
            "rank \(rank) on host \(hosts[rank]) cannot reach rank 0 on host \(hosts[0]) over TCP, at "
                + addresses(of: 0).joined(separator: ", ") + " port \(ranks[0].port)",
            fix: "let the hosts reach each other on all ports")
    }

    private func addresses(of other: Int) -> [String] {
        let isNear = hosts[other] == hosts[rank]
        return (isNear ? ["127.0.0.1"] : []) + ranks[other].addresses
    }

    /// Whether the process of a rank still has its listening socket.
    func isAlive(_ other: Int) -> Bool {
        for address in addresses(of: other) {
            let socket = strata_mpi_connect(address, Int32(ranks[other].port), 200)
            if socket >= 0 {
                close(socket)
                return true
            }
        }
        return false
    }
}

extension Meeting.Rank {
    /// This process, with a listening socket on a port.
    static func own(port: Int) -> Self {
        var text = [CChar](repeating: 0, count: 4096)
        strata_mpi_addresses(&text, text.count)
        let addresses = text.string.split(separator: ",").map(String.init)
        strata_mpi_host_name(&text, 256)
        var cores = [Int32](repeating: 0, count: 1024)
        let count = Int(strata_mpi_cores(&cores, Int32(cores.count)))
        return Self(
            placement: Placement.Rank(
                host: text.string, cores: Set(cores.prefix(count).map(Int.init)),
                hostCoreCount: Int(strata_mpi_host_core_count())),
            addresses: addresses, port: port,
            token: Int(truncatingIfNeeded: strata_mpi_random()))
    }

    /// A line for each member.
    var bytes: [UInt8] {
        let cores = placement.cores.sorted().map(String.init).joined(separator: ",")
        let lines = [
            placement.host, cores, String(placement.hostCoreCount),
            addresses.joined(separator: ","), String(port), String(token),
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 6, let coreCount = Int(lines[2]), let port = Int(lines[4]),
            let token = Int(lines[5])
        else { return nil }
        self.init(
            placement: Placement.Rank(
                host: lines[0], cores: Set(lines[1].split(separator: ",").compactMap { Int($0) }),
                hostCoreCount: coreCount),
            addresses: lines[3].split(separator: ",").map(String.init), port: port, token: token)
    }
}

extension [CChar] {
    /// What stands before the first zero.
    var string: String {
        String(decoding: prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
#endif
