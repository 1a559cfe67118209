internal import Foundation
package import StrataGraph

/// One of several ranks that are threads of the same process.
///
/// Sums are added in the order of the ranks, in `float32`, so that they are always the same. The last rank that
/// starts a sum writes it for all of them, at a time that none of the others knows: as on a wire. Where ranks start
/// different sums, or wait for one that never comes, all of them fail; none hangs.
package final class ThreadCommunicator: Communicator, @unchecked Sendable {
    package let rank: Int
    private let meeting: Meeting
    /// How often the rank let its sums go on; for its own thread.
    package private(set) var progressCount = 0

    fileprivate init(rank: Int, _ meeting: Meeting) {
        (self.rank, self.meeting) = (rank, meeting)
    }

    package var rankCount: Int { meeting.rankCount }
    package var failure: String? { meeting.failure }
    /// The sums that all ranks started, in order.
    package var started: [StartedSum] { meeting.started }

    package func startSum(
        _ request: Int, _ values: UnsafeMutableRawPointer, count: Int, dtype: DType
    ) -> Bool {
        meeting.start(StartedSum(number: request, count: count, dtype: dtype), values, of: rank)
    }

    package func progress() { progressCount += 1 }

    package func finishSum(_ request: Int) -> Bool { meeting.finish(request, of: rank) }

    /// Makes this and all further sums of all ranks fail.
    package func fail(_ reason: String) { meeting.fail(reason) }

    /// Runs ranks, each on a thread of its own, until all have ended.
    ///
    /// - Parameters:
    ///   - stackByteCount: the size of each thread's stack.
    ///   - body: what a rank does.
    /// - Returns: what each rank gave or threw, in their order.
    package static func results<Value: Sendable>(
        rankCount: Int, stackByteCount: Int = 64 << 20,
        _ body: @escaping @Sendable (ThreadCommunicator) throws -> Value
    ) -> [Result<Value, any Error>] {
        let meeting = Meeting(rankCount: rankCount)
        let outcome = Outcome<Value>()
        for rank in 0..<rankCount {
            let thread = Thread {
                let result = Result { try body(ThreadCommunicator(rank: rank, meeting)) }
                // First, so that what others throw because this one is gone comes behind it.
                outcome.add(result, of: rank)
                meeting.leave(rank)
            }
            thread.stackSize = stackByteCount
            thread.start()
        }
        return outcome.wait(for: rankCount)
    }

    /// Runs ranks, each on a thread of its own, until all have ended.
    ///
    /// - Returns: what each rank gave, in their order.
    /// - Throws: what the first of them threw.
    package static func run<Value: Sendable>(
        rankCount: Int, stackByteCount: Int = 64 << 20,
        _ body: @escaping @Sendable (ThreadCommunicator) throws -> Value
    ) throws -> [Value] {
        let results = results(rankCount: rankCount, stackByteCount: stackByteCount, body)
        let isAfterOther: (any Error) -> Bool = { "\($0)".contains(Meeting.stuck) }
        let errors = results.compactMap { result -> (any Error)? in
            if case .failure(let error) = result { error } else { nil }
        }
        if let error = errors.first(where: { !isAfterOther($0) }) ?? errors.first { throw error }
        return try results.map { try $0.get() }
    }
}

/// A sum that ranks have started.
package struct StartedSum: Sendable, Hashable, CustomStringConvertible {
    package let number: Int
    package let count: Int
    package let dtype: DType

    package init(number: Int, count: Int, dtype: DType) {
        (self.number, self.count, self.dtype) = (number, count, dtype)
    }

    package var description: String { "sum \(number) of \(count) \(dtype.rawValue)" }
}

/// What the threads of ranks gave.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var results: [Int: Result<Value, any Error>] = [:]

    func add(_ result: Result<Value, any Error>, of rank: Int) {
        condition.withLock {
            results[rank] = result
            condition.broadcast()
        }
    }

    func wait(for count: Int) -> [Result<Value, any Error>] {
        condition.withLock {
            while results.count < count { condition.wait() }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}

/// Where the threads of ranks meet.
private final class Meeting: @unchecked Sendable {
    /// What a failure begins with that another one has led to.
    static let stuck = "no rank can go on"

    private struct Sum {
        var started: StartedSum
        /// The memory of each rank that has started it.
        var values: [Int: UnsafeMutableRawPointer] = [:]
        var isDone = false
    }

    let rankCount: Int
    private let condition = NSCondition()
    private var sums: [Sum] = []
    /// How many sums each rank has started.
    private var counts: [Int]
    /// The places in ``sums`` of those that each rank has started and not finished, by number.
    private var inFlight: [[Int: Int]]
    /// The place of the sum that each rank waits for.
    private var waiting: [Int?]
    private var hasLeft: [Bool]
    private var reason: String?

    init(rankCount: Int) {
        self.rankCount = rankCount
        counts = Array(repeating: 0, count: rankCount)
        inFlight = Array(repeating: [:], count: rankCount)
        waiting = Array(repeating: nil, count: rankCount)
        hasLeft = Array(repeating: false, count: rankCount)
    }

    var failure: String? { condition.withLock { reason } }

    var started: [StartedSum] { condition.withLock { sums.filter(\.isDone).map(\.started) } }

    func fail(_ text: String) { condition.withLock { end(text) } }

    func start(_ sum: StartedSum, _ values: UnsafeMutableRawPointer, of rank: Int) -> Bool {
        condition.withLock {
            let place = counts[rank]
            if place == sums.count { sums.append(Sum(started: sum)) }
            if sums[place].started != sum {
                end("rank \(rank) starts \(sum), another one \(sums[place].started)")
            } else if inFlight[rank][sum.number] != nil {
                end("rank \(rank) starts \(sum) again")
            } else if !sum.dtype.isFloatingPoint {
                end("rank \(rank) starts \(sum), which is not floating-point")
            }
            guard reason == nil else { return false }
            counts[rank] += 1
            inFlight[rank][sum.number] = place
            sums[place].values[rank] = values
            if sums[place].values.count == rankCount {
                add(sums[place])
                sums[place].isDone = true
                condition.broadcast()
            }
            return true
        }
    }

    func finish(_ number: Int, of rank: Int) -> Bool {
        condition.withLock {
            guard let place = inFlight[rank].removeValue(forKey: number) else {
                end("rank \(rank) waits for sum \(number), which it has not started")
                return false
            }
            waiting[rank] = place
            defer { waiting[rank] = nil }
            endIfStuck()
            while !sums[place].isDone, reason == nil { condition.wait() }
            return sums[place].isDone
        }
    }

    func leave(_ rank: Int) {
        condition.withLock {
            hasLeft[rank] = true
            // Its memory may be gone.
            if let place = inFlight[rank].values.first(where: { !sums[$0].isDone }) {
                end(
                    "\(Meeting.stuck): rank \(rank) has ended before \(sums[place].started) arrived"
                )
            }
            endIfStuck()
        }
    }

    private func end(_ text: String) {
        if reason == nil { reason = text }
        condition.broadcast()
    }

    private func endIfStuck() {
        let waits = (0..<rankCount).map { rank in
            waiting[rank].map { !sums[$0].isDone } ?? false
        }
        guard waits.contains(true), zip(waits, hasLeft).allSatisfy({ $0 || $1 }) else { return }
        let states = (0..<rankCount).map { rank in
            waiting[rank].map { "rank \(rank) waits for \(sums[$0].started)" }
                ?? "rank \(rank) has ended"
        }
        end("\(Meeting.stuck): \(states.joined(separator: ", "))")
    }

    private func add(_ sum: Sum) {
        let values = (0..<rankCount).compactMap { sum.values[$0] }
        switch sum.started.dtype {
        case .bfloat16:
            for index in 0..<sum.started.count {
                var total: Float = 0
                for memory in values {
                    let bits = memory.load(fromByteOffset: 2 * index, as: UInt16.self)
                    total += Float(bitPattern: UInt32(bits) << 16)
                }
                let bits = Tensor.bfloat16Bits(total)
                for memory in values {
                    memory.storeBytes(of: bits, toByteOffset: 2 * index, as: UInt16.self)
                }
            }
        case .int32, .uint8, .bool: return
        case .float32:
            for index in 0..<sum.started.count {
                var total: Float = 0
                for memory in values {
                    total += memory.load(fromByteOffset: 4 * index, as: Float.self)
                }
                for memory in values {
                    memory.storeBytes(of: total, toByteOffset: 4 * index, as: Float.self)
                }
            }
        }
    }
}
