internal import Dispatch
internal import Foundation
internal import StrataEngine
internal import Synchronization

/// Batches that threads of their own make ahead, in their order.
final class PrefetchedBatches: BatchIterator {
    /// Makes the batch of a number; `nil` after the last.
    typealias Maker = @Sendable (Int) throws -> Batch?

    private let shelf: BatchShelf
    private var number = 0

    /// More batches fit into no memory.
    private static let mostAhead = 1 << 16
    /// How often a step that waits looks whether its task was cancelled, in milliseconds.
    fileprivate static let patience = 50

    /// - Parameters:
    ///   - ahead: how many batches may lie ready or be in the making.
    ///   - makers: one for each thread; each is called for some of the numbers, in rising order.
    init(ahead: Int, makers: [Maker]) {
        shelf = BatchShelf(places: max(min(ahead, Self.mostAhead), makers.count))
        for maker in makers {
            Thread.detachNewThread { [shelf] in
                // A plan that a maker runs has the team's threads as neighbours.
                Threads.workAlone()
                Self.yieldToSteps()
                shelf.fill(with: maker)
            }
        }
    }

    deinit { shelf.close() }

    /// Keeps the calling thread from taking the core of the step at once when it is woken because a
    /// batch was taken: until it had its turn, the step would wait though its batch is there.
    private static func yieldToSteps() {
        #if os(Linux)
            // SCHED_BATCH of sched(7), which Glibc's module does not show; as it was if refused.
            var parameters = sched_param()
            sched_setscheduler(0, 3, &parameters)
        #endif
    }

    /// - Throws: what went wrong when the batch was made, or `CancellationError` where the task was cancelled
    ///   before it was there.
    func next() throws -> Batch? {
        let result = try shelf.take(number)
        number += 1
        return try result.get()
    }
}

/// Where threads put batches, and where the step takes them from.
private final class BatchShelf: Sendable {
    private struct State {
        var ready: [Int: Result<Batch?, any Error>] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Counts free places.
    private let room: DispatchSemaphore
    /// Counts batches that were put; a taker that waits for one may be woken by others.
    private let filled = DispatchSemaphore(value: 0)

    init(places: Int) {
        // A semaphore must not end lower than it began, so that it begins at 0.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<places { room.signal() }
    }

    func fill(with maker: PrefetchedBatches.Maker) {
        while true {
            room.wait()
            let number: Int? = state.withLock { state in
                guard !state.isClosed else { return nil }
                state.next += 1
                return state.next - 1
            }
            guard let number else {
                // Another thread may wait for the same sign.
                room.signal()
                return
            }
            let result = Result { try maker(number) }
            var isLast = false
            if case .success(let batch) = result { isLast = batch == nil } else { isLast = true }
            state.withLock { $0.ready[number] = result }
            filled.signal()
            if isLast {
                room.signal()
                return
            }
        }
    }

    func take(_ number: Int) throws -> Result<Batch?, any Error> {
        while true {
            if let found = state.withLock({ $0.ready.removeValue(forKey: number) }) {
                room.signal()
                return found
            }
            while filled.wait(timeout: .now() + .milliseconds(PrefetchedBatches.patience))
                == .timedOut
            {
                try Task.checkCancellation()
            }
        }
    }

    func close() {
        state.withLock {
            $0.isClosed = true
            $0.ready = [:]
        }
        room.signal()
    }
}
