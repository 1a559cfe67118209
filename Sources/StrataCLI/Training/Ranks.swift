import ArgumentParser
import Foundation
import Strata

#if MPI
import StrataMPI
#endif

/// The processes that train together, if `mpirun` has started several.
struct Ranks {
    private let distribution: Distribution?

    /// Meets the other processes.
    ///
    /// - Throws: a ``Failure`` if `mpirun` has started several of a program that has no MPI: each would
    ///   train a model of its own.
    init() throws {
        #if MPI
        distribution = try .mpi()
        // Data may take longer to load at one rank than at another.
        distribution?.group.setBusy(true)
        #else
        distribution = nil
        let environment = ProcessInfo.processInfo.environment
        if let count = Self.startedCount(environment), count > 1 {
            // One message is enough.
            if Self.isSilent(environment) { throw ExitCode(Failure.Status.usage.rawValue) }
            throw Failure(
                "mpirun has started \(count) processes, but this strata was built without MPI; "
                    + "build it with swift build -c release --traits MPI", .usage)
        }
        #endif
    }

    /// The number of processes that `mpirun` has started, by its environment.
    static func startedCount(_ environment: [String: String]) -> Int? {
        number(["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"], environment)
    }

    /// Whether another process that `mpirun` has started prints what all of them would.
    static func isSilent(_ environment: [String: String]) -> Bool {
        number(["OMPI_COMM_WORLD_RANK", "PMI_RANK"], environment) ?? 0 > 0
    }

    private static func number(_ names: [String], _ environment: [String: String]) -> Int? {
        names.lazy.compactMap { environment[$0] }.first.flatMap { Int($0) }
    }

    var count: Int { distribution?.rankCount ?? 1 }

    /// Whether this process saves and prints.
    var isFirst: Bool { distribution?.rank ?? 0 == 0 }

    /// What the message before training says of the ranks.
    var note: String { count == 1 ? "" : " in each of \(count) ranks" }

    func distribute(_ model: Model) throws {
        if let distribution { try model.distribute(distribution) }
        distribution?.group.setBusy(false)
    }

    /// Rank 0's texts, for all.
    func agreed(_ texts: () throws -> [String]) throws -> [String] {
        guard let distribution, count > 1 else { return try texts() }
        let own = isFirst ? try texts() : []
        let received = try distribution.group.broadcast(
            Array(JSONValue.array(own.map { .string($0) }).text.utf8))
        guard case .array(let items) = try JSONValue(inFile: received) else { return [] }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// Rank 0's number, for all.
    func agreed(_ number: Int) throws -> Int {
        try agreed { [String(number)] }.first.flatMap { Int($0) } ?? number
    }

    /// Does what all ranks do; after an error of one of them all end, and one message says why.
    func together(_ body: () throws -> Void) throws {
        guard let distribution, count > 1 else { return try body() }
        do {
            try body()
        } catch let code as ExitCode {
            distribution.group.leave()
            throw code
        } catch {
            // What training ends with, the ranks have told each other.
            if distribution.group.failure == nil, !(error is DistributionError) {
                let text = Failure(error)?.message ?? "\(error)"
                distribution.group.abandon(text.replacing("\n", with: "; "))
            }
            // Rank 0 has printed why the ranks have ended; where they disagree, it has not yet.
            if isFirst, distribution.group.failure == nil { throw error }
            throw ExitCode(Failure(error)?.status.rawValue ?? 1)
        }
    }
}
