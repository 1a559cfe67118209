import Testing

@testable import StrataCLI

@Suite struct RanksTests {
    @Test(
        arguments: [
            (["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0"], 4, false),
            (["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"], 4, true),
            (["PMI_SIZE": "2", "PMI_RANK": "1"], 2, true),
            (["PMI_SIZE": "two"], nil, false), ([:], nil, false),
        ] as [([String: String], Int?, Bool)])
    func `what mpirun has started is known from the environment`(
        environment: [String: String], count: Int?, isSilent: Bool
    ) {
        #expect(Ranks.startedCount(environment) == count)
        #expect(Ranks.isSilent(environment) == isSilent)
    }
}
