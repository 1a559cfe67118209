internal import Dispatch
internal import Foundation
internal import Synchronization

/// Threads on which predictors compute what is given to them, in that order.
///
/// OpenMP starts a team for every thread that computes and keeps it. With more threads in all teams than
/// cores, waiting threads sleep at once, and each barrier takes a wake-up. Predictions therefore never
/// run on the threads that ask for them: predictors of one process share these.
final class ComputeThreads: Sendable {
    private struct State {
        /// Those that have begun are `nil`, so that nothing is held for them.
        var jobs: [(@Sendable () -> Void)?] = []
        /// The first job that has not begun.
        var next = 0
        var isClosed = false
        var threads: [pthread_t] = []

        mutating func take() -> (@Sendable () -> Void)? {
            guard next < jobs.count else { return nil }
            let job = jobs[next].take()
            next += 1
            // Each is moved once on average.
            if next * 2 >= jobs.count {
                jobs.removeFirst(next)
                next = 0
            }
            return job
        }
    }

    /// What the threads hold, so that they end with the last predictor.
    private final class Queue: Sendable {
        let state = Mutex(State())
        let available = DispatchSemaphore(value: 0)

        func work() {
            state.withLock { $0.threads.append(pthread_self()) }
            while true {
                available.wait()
                let (job, isClosed) = state.withLock { ($0.take(), $0.isClosed) }
                if let job { job() } else if isClosed { return }
            }
        }
    }

    private struct Shared {
        weak var threads: ComputeThreads?
    }

    private static let registry = Mutex<[Int: Shared]>([:])

    private let queue = Queue()
    let count: Int
    /// The threads of each, itself included; `nil` for as many as there are when it plans.
    private let teamSize: Int?

    /// The threads of all predictors that compute as many batches at once.
    ///
    /// - Parameter count: how many threads compute at once, among whom the cores are divided; not more than
    ///   ``threadCount()``.
    /// - Throws: if no threads can be started.
    static func shared(_ count: Int) throws(ModelError) -> ComputeThreads {
        let count = min(max(count, 1), threadCount())
        return try registry.withLock { registry throws(ModelError) in
            if let found = registry[count]?.threads { return found }
            let made = try ComputeThreads(count)
            registry[count] = Shared(threads: made)
            return made
        }
    }

    private init(_ count: Int) throws(ModelError) {
        self.count = count
        teamSize = count > 1 ? max(threadCount() / count, 1) : nil
        for _ in 0..<count {
            try BackgroundThread.start { [queue, teamSize] in
                if let teamSize { computeEngine.useThreads(teamSize) }
                queue.work()
            }
        }
    }

    deinit {
        queue.state.withLock { $0.isClosed = true }
        for _ in 0..<count { queue.available.signal() }
    }

    /// Runs a job when it is its turn.
    func enqueue(_ job: @escaping @Sendable () -> Void) {
        queue.state.withLock { $0.jobs.append(job) }
        queue.available.signal()
    }

    /// Whether the caller is one of these threads, which must not wait for itself.
    private var isCaller: Bool {
        let caller = pthread_self()
        return queue.state.withLock { $0.threads.contains { pthread_equal($0, caller) != 0 } }
    }

    /// Computes when it is its turn, while the caller's thread waits.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws -> R) throws -> R {
        if isCaller { return try body() }
        let outcome = Outcome(body)
        enqueue { outcome.compute() }
        return try outcome.wait()
    }

    /// Computes when it is its turn, while the caller's task is suspended.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before its turn.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        let turn = Turn(body)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if turn.await(continuation) { enqueue { turn.take() } }
            }
        } onCancel: {
            turn.cancel()
        }
    }

    /// Computes on a thread that exists until then, beside what the others compute.
    func runAside<R: Sendable>(_ body: @escaping @Sendable () throws -> R) throws -> R {
        let outcome = Outcome(body)
        try BackgroundThread.start { [teamSize] in
            if let teamSize { computeEngine.useThreads(teamSize) }
            outcome.compute()
        }
        return try outcome.wait()
    }
}

/// What another thread computes, once.
private final class Outcome<R: Sendable>: @unchecked Sendable {
    private let isDone = DispatchSemaphore(value: 0)
    /// What it holds, such as a model, is let go before the signal: then it is the caller's alone again.
    private var body: (@Sendable () throws -> R)?
    /// Written before and read after the signal.
    private var result: Result<R, any Error>?

    init(_ body: @escaping @Sendable () throws -> R) { self.body = body }

    func compute() {
        result = body.take().map { body in Result { try body() } }
        isDone.signal()
    }

    func wait() throws -> R {
        isDone.wait()
        guard let result else { throw CancellationError() }
        return try result.get()
    }
}

/// What a task waits for, until it begins or the task is cancelled.
private final class Turn<R: Sendable>: Sendable {
    typealias Continuation = CheckedContinuation<R, any Error>

    private enum State {
        case new(@Sendable () throws -> R)
        case waiting(@Sendable () throws -> R, Continuation)
        case cancelled
        case begun
    }

    private let state: Mutex<State>

    init(_ body: @escaping @Sendable () throws -> R) { state = Mutex(.new(body)) }

    /// Whether it still has to be computed.
    func await(_ continuation: Continuation) -> Bool {
        let waits = state.withLock { state in
            guard case .new(let body) = state else { return false }
            state = .waiting(body, continuation)
            return true
        }
        if !waits { continuation.resume(throwing: CancellationError()) }
        return waits
    }

    func take() {
        // What the body holds is let go before the task goes on.
        let computed = leaveWaiting(for: .begun).map { body, continuation in
            (Result { try body() }, continuation)
        }
        if let (result, continuation) = computed { continuation.resume(with: result) }
    }

    func cancel() {
        leaveWaiting(for: .cancelled)?.1.resume(throwing: CancellationError())
    }

    private func leaveWaiting(for next: State) -> (@Sendable () throws -> R, Continuation)? {
        state.withLock { state in
            switch state {
            case .waiting(let body, let continuation):
                state = next
                return (body, continuation)
            case .new:
                state = next
                return nil
            case .cancelled, .begun: return nil
            }
        }
    }
}
