// What scripts/test-mpi starts under mpirun: MPIRanks check, sum or train, with options; and Benchmarks/distributed.py:
// MPIRanks time. A wrong result ends it with status 1, an error of the ranks with 3, and without the trait MPI with 69.
internal import Glibc

#if MPI
internal import Strata

let command = Command(Array(CommandLine.arguments.dropFirst()))
do {
    let distribution = try command.join()
    if command.name == "train" {
        try SmallTraining(distribution, command).run()
    } else {
        try Ranks(distribution.group, command).run()
    }
} catch let error as DistributionError {
    print("error: \(error.problem)")
    exit(3)
} catch {
    print("wrong: \(error)")
    exit(1)
}
#else
exit(69)
#endif
