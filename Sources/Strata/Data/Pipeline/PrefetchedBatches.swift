internal import Dispatch
internal import Foundation
internal import Synchronization

/// Batches that are prefetched on separate threads, in order.
final class PrefetchedBatches: BatchIterator {
    /// Loads the batch of an index; `nil` after the last.
    typealias Maker = @Sendable (Int) throws -> Batch?

    private let shelf: BatchShelf
    private var number = 0
    /// Why no thread loads batches.
    private var problem: ModelError?

    /// No memory holds more batches.
    private static let mostAhead = 1 << 16
    /// The interval at which a waiting step checks whether it goes on, in milliseconds.
    fileprivate static let patience = 50

    /// - Parameters:
    ///   - ahead: the maximum number of batches that are ready or being loaded.
    ///   - makers: one for each thread; each is called for some of the indices, in ascending order.
    init(ahead: Int, makers: [Maker]) {
        shelf = BatchShelf(capacity: max(min(ahead, Self.mostAhead), makers.count))
        // Whoever waits for the batches may stop these threads' reading.
        let isUnwanted = DataReading.isUnwanted
        for (index, maker) in makers.enumerated() {
            do throws(ModelError) {
                try BackgroundThread.start { [shelf] in
                    // A plan that a maker runs shares the cores with the team's threads.
                    computeEngine.useThreads(1)
                    Self.yieldToSteps()
                    DataReading.stopping(when: isUnwanted) { shelf.fill(with: maker) }
                }
            } catch {
                // Fewer threads load all the same.
                if index == 0 { problem = error }
                break
            }
        }
    }

    deinit { shelf.close() }

    /// Keeps the calling thread from preempting the step when it is woken because a batch was
    /// taken: the step would wait although its batch is ready.
    private static func yieldToSteps() {
        #if os(Linux)
        // SCHED_BATCH of sched(7), which the Glibc module does not export; unchanged if it is
        // refused.
        var parameters = sched_param()
        sched_setscheduler(0, 3, &parameters)
        #endif
    }

    /// - Throws: the error of loading the batch, ``DataError/stopped`` if it is no longer wanted, or
    ///   `CancellationError` if the task was cancelled first.
    func next() throws -> Batch? {
        if let problem { throw problem }
        let result = try shelf.take(number)
        number += 1
        return try result.get()
    }
}

/// The queue of batches between threads and the step.
private final class BatchShelf: Sendable {
    private struct State {
        var ready: [Int: Result<Batch?, any Error>] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Counts free slots.
    private let room: DispatchSemaphore
    /// Counts added batches; a consumer that waits for one may be woken by others.
    private let filled = DispatchSemaphore(value: 0)

    init(capacity: Int) {
        // A semaphore must not be destroyed below its initial value, so it starts at 0.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
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
                // Another thread may wait for the same signal.
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
                try DataReading.checkWanted()
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
