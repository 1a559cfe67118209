#if MPI
import Testing

@testable import StrataMPI

@Suite struct PlacementTests {
    private static func placement(
        _ ranks: [(host: String, cores: [Int])], hostCoreCount: Int
    ) -> Placement {
        Placement(
            ranks: ranks.map {
                Placement.Rank(
                    host: $0.host, cores: Set($0.cores), hostCoreCount: hostCoreCount)
            })
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let ranks: [(host: String, cores: [Int])]
        let threads: [Int]
        let line: String

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "unbound", ranks: [("a", [0, 1, 2, 3]), ("a", [0, 1, 2, 3])], threads: [2, 2],
            line: "2 ranks on 1 host, 2 threads each"),
        Case(
            name: "bound to halves", ranks: [("a", [0, 1]), ("a", [2, 3])], threads: [2, 2],
            line: "2 ranks on 1 host, 2 threads each"),
        Case(
            name: "two hosts", ranks: [("a", [0, 1, 2, 3]), ("b", [0, 1, 2, 3])],
            threads: [4, 4], line: "2 ranks on 2 hosts, 4 threads each"),
        Case(
            name: "three ranks on two hosts",
            ranks: [("a", [0, 1, 2, 3]), ("a", [0, 1, 2, 3]), ("b", [0, 1, 2, 3])],
            threads: [2, 2, 4], line: "3 ranks on 2 hosts, 2 to 4 threads each"),
        Case(
            name: "bound to one core each", ranks: [("a", [0]), ("a", [1])], threads: [1, 1],
            line: "2 ranks on 1 host, 1 thread each; rank 0 may use 1 of its host's 4 cores: "
                + "mpirun --bind-to none, if it has bound it"),
        Case(
            name: "bound to the same core", ranks: [("a", [0]), ("a", [0])], threads: [1, 1],
            line: "2 ranks on 1 host, 1 thread each; ranks share a core and wait for one another: "
                + "mpirun --bind-to none"),
        Case(
            name: "more ranks than cores",
            ranks: Array(repeating: ("a", [0, 1, 2, 3]), count: 5), threads: [1, 1, 1, 1, 1],
            line: "5 ranks on 1 host, 1 thread each; ranks share a core and wait for one another: "
                + "start fewer on a host"),
        Case(
            name: "three share four", ranks: Array(repeating: ("a", [0, 1, 2, 3]), count: 3),
            threads: [1, 1, 1], line: "3 ranks on 1 host, 1 thread each"),
        Case(
            name: "no core is known", ranks: [("a", [])], threads: [1],
            line: "1 rank on 1 host, 1 thread each; ranks share a core and wait for one another: "
                + "mpirun --bind-to none"),
    ]

    @Test("each rank has its part of the cores that it may use", arguments: cases)
    func threads(_ one: Case) {
        let placement = Self.placement(one.ranks, hostCoreCount: 4)
        #expect(one.ranks.indices.map(placement.threadCount) == one.threads)
        #expect(placement.description == one.line)
    }
}
#endif
