#if MPI
import Strata
import StrataGraph
import Testing

@testable import StrataMPI

@Suite struct SingleRankTests {
    @Test("without mpirun, there is one rank, and a second call gives it again")
    func alone() throws {
        let distribution = try Distribution.mpi()
        #expect(distribution.rank == 0)
        #expect(distribution.rankCount == 1)
        #expect(distribution.hosts.count == 1)
        #expect(try distribution.group.broadcast([1, 2]) == [1, 2])
        #expect(try distribution.group.gather([3]) == [[3]])
        var values: [Float] = [1, 2]
        values.withUnsafeMutableBytes { memory in
            guard let base = memory.baseAddress else { return }
            let sums = distribution.group.communicator
            #expect(sums.startSum(0, base, count: 2, dtype: .float32))
            sums.progress()
            #expect(sums.finishSum(0))
        }
        #expect(values == [1, 2])
        #expect(try Distribution.mpi(MPIOptions(wire: .bfloat16)).group === distribution.group)
    }

    @Test("gradients are sent as float32 or bfloat16")
    func wire() {
        let error = DistributionError(
            "gradients cannot be sent as int32", fix: "choose float32 or bfloat16")
        #expect(throws: error) { try Distribution.mpi(MPIOptions(wire: .int32)) }
    }

    @Test(
        "a launcher is known by what it sets",
        arguments: ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK"])
    func launchers(_ name: String) {
        #expect(MPIProcess.isRank([name: "1"]))
        #expect(!MPIProcess.isRank(["PATH": "/bin"]))
    }

    @Test(
        "the time limit is from half a second to a day",
        arguments: [
            (Duration.seconds(60), 60_000), (.milliseconds(1500), 1500), (.zero, 500),
            (.seconds(-5), 500), (.seconds(1 << 40), 86_400_000),
        ])
    func limits(_ limit: Duration, _ milliseconds: Int) {
        #expect(MPIOptions(timeLimit: limit).limit == milliseconds)
    }

    @Test("what a rank tells the others comes back, and the rest is refused")
    func meeting() throws {
        let own = Meeting.Rank.own(port: 17)
        let read = try #require(Meeting.Rank(own.bytes))
        #expect(read.placement == own.placement)
        #expect(read.addresses == own.addresses)
        #expect(read.port == 17)
        #expect(read.token == own.token)
        #expect(Meeting.Rank([1, 2]) == nil)
    }
}
#endif
