import Foundation
import StrataGraph
import StrataTestSupport

@testable import Strata

/// A rank that is a thread of the tests' process.
final class ThreadRankGroup: RankGroup, @unchecked Sendable {
    private let sums: ThreadCommunicator
    private let table: Table
    private var calls = 0

    fileprivate init(_ sums: ThreadCommunicator, _ table: Table) {
        (self.sums, self.table) = (sums, table)
    }

    var communicator: any Communicator { sums }
    var hosts: [String] { (0..<sums.rankCount).map { "host\($0)" } }
    var failure: DistributionError? {
        sums.failure.map { DistributionError($0, fix: "look at the other ranks") }
    }

    func broadcast(_ bytes: [UInt8]) throws(DistributionError) -> [UInt8] {
        try exchange("broadcast", sums.rank == 0 ? bytes : [])[0]
    }

    func gather(_ bytes: [UInt8]) throws(DistributionError) -> [[UInt8]] {
        try exchange("gather", bytes)
    }

    func abandon(_ reason: String) {
        sums.fail("rank \(sums.rank) on host\(sums.rank) gave up: \(reason)")
    }

    private func exchange(
        _ kind: String, _ bytes: [UInt8]
    ) throws(DistributionError) -> [[UInt8]] {
        calls += 1
        let found = table.exchange(
            "\(kind) \(calls)", bytes, of: sums.rank, in: sums.rankCount
        ) { [sums] in sums.failure != nil }
        guard let found else {
            throw failure ?? DistributionError("a rank has left", fix: "look at the others")
        }
        return found
    }

    /// Runs ranks, each on a thread of its own and with random seeds of its own.
    ///
    /// - Returns: what each rank gave or threw.
    static func results<Value: Sendable>(
        _ rankCount: Int, wire: DType = .float32,
        _ body: @escaping @Sendable (Distribution) throws -> Value
    ) -> [Result<Value, any Error>] {
        let table = Table()
        return ThreadCommunicator.results(rankCount: rankCount) { sums in
            defer { table.leave() }
            computeEngine.useThreads(1)
            let group = ThreadRankGroup(sums, table)
            return try SeedStream.$own.withValue(SeedStream(seed: 1 + UInt64(sums.rank))) {
                try body(Distribution(group, wire: wire))
            }
        }
    }

    /// Runs ranks that all succeed.
    static func run<Value: Sendable>(
        _ rankCount: Int, wire: DType = .float32,
        _ body: @escaping @Sendable (Distribution) throws -> Value
    ) throws -> [Value] {
        let results = results(rankCount, wire: wire, body)
        let errors = results.compactMap { result -> (any Error)? in
            if case .failure(let error) = result { error } else { nil }
        }
        // What others throw because a rank is gone says less than that rank's own error.
        if let error = errors.first(where: { !($0 is DistributionError) }) ?? errors.first {
            throw error
        }
        return try results.map { try $0.get() }
    }
}

/// The bytes that ranks give each other.
private final class Table: @unchecked Sendable {
    private let condition = NSCondition()
    private var messages: [String: [Int: [UInt8]]] = [:]
    private var leavers = 0

    func leave() {
        condition.withLock {
            leavers += 1
            condition.broadcast()
        }
    }

    /// - Returns: those of all ranks; `nil` if one of them cannot come any more.
    func exchange(
        _ call: String, _ bytes: [UInt8], of rank: Int, in rankCount: Int,
        until hasFailed: () -> Bool
    ) -> [[UInt8]]? {
        condition.withLock {
            messages[call, default: [:]][rank] = bytes
            condition.broadcast()
            while messages[call]?.count != rankCount {
                if leavers > 0 || hasFailed() { return nil }
                // A failure of a sum wakes nobody here.
                _ = condition.wait(until: Date().addingTimeInterval(0.005))
            }
            return (0..<rankCount).map { messages[call]?[$0] ?? [] }
        }
    }
}
