#if Server
import CoreMetrics
import Dispatch
import Foundation
import Strata
import Synchronization

/// Gathers the requests of a model into batches.
///
/// A batch is taken when its turn to be computed comes, so that it has all that arrived until then.
final class Batcher: Sendable {
    /// Where batches are computed.
    struct Engine: Sendable {
        /// How many batches are computed at once.
        var concurrency = 1
        /// Runs a job when it is its turn, never within the call.
        var schedule: @Sendable (_ job: @escaping @Sendable () -> Void) -> Void
        /// The outputs of each request of a batch, from its inputs; called by jobs alone.
        var compute: @Sendable ([[Tensor]]) throws -> [[Tensor]]
    }

    private struct State {
        var queue: [WaitingRequest] = []
        /// The jobs that were scheduled and have not ended.
        var jobCount = 0
        /// When the next overdue requests are looked for.
        var nextCheck: ContinuousClock.Instant?
        /// Whether the delay of the first request runs.
        var isDelaying = false
    }

    private let name: String
    private let batching: Batching
    private let metrics: ModelMetrics
    private let engine: Engine
    private let state = Mutex(State())

    /// - Parameter name: the model's, for messages.
    init(_ name: String, _ batching: Batching, metrics: ModelMetrics, engine: Engine) {
        self.name = name
        self.batching = batching
        self.metrics = metrics
        self.engine = engine
    }

    /// The number of requests that wait.
    var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Has a request computed.
    ///
    /// - Throws: a ``ServingError`` if the queue is full or the request waited too long; what the
    ///   model throws; `CancellationError` if the task was cancelled, or the client has gone, while it
    ///   waited.
    func submit(_ request: WaitingRequest) async throws -> [Tensor] {
        let connection = ClientConnection.current
        connection?.onClose { [self] in withdraw(request, CancellationError()) }
        defer { connection?.onClose(nil) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                request.continuation = continuation
                enqueue(request)
            }
        } onCancel: {
            withdraw(request, CancellationError())
        }
    }

    private func enqueue(_ request: WaitingRequest) {
        let refusal = state.withLock { state -> (any Error)? in
            guard request.stage == .new else { return CancellationError() }
            guard state.queue.count < batching.queueLimit else {
                request.stage = .left
                return ServingError(
                    .queueFull,
                    "model \(name) has \(state.queue.count) requests waiting, the most that may; "
                        + "try again later")
            }
            request.stage = .waiting
            state.queue.append(request)
            metrics.pending.set(state.queue.count)
            if let deadline = request.deadline { check(at: deadline, &state) }
            scheduleJob(&state)
            return nil
        }
        if let refusal { request.continuation?.resume(throwing: refusal) }
    }

    /// Takes a request out of the queue, unless it is being computed already.
    private func withdraw(_ request: WaitingRequest, _ error: any Error) {
        let wasWaiting = state.withLock { state in
            defer { request.stage = request.stage == .new ? .left : request.stage }
            guard request.stage == .waiting,
                let index = state.queue.firstIndex(where: { $0 === request })
            else { return false }
            state.queue.remove(at: index)
            request.stage = .left
            metrics.pending.set(state.queue.count)
            return true
        }
        if wasWaiting { request.continuation?.resume(throwing: error) }
    }
}

// MARK: Time-outs

extension Batcher {
    /// Sees to it that overdue requests are looked for at this time.
    private func check(at deadline: ContinuousClock.Instant, _ state: inout State) {
        if let next = state.nextCheck, next <= deadline { return }
        state.nextCheck = deadline
        let left = max(.zero, ContinuousClock.now.duration(to: deadline))
        DispatchQueue.global().asyncAfter(deadline: .now() + left.seconds) { [weak self] in
            self?.refuseOverdue()
        }
    }

    private func refuseOverdue() {
        let overdue = state.withLock { state -> [WaitingRequest] in
            let overdue = takeOverdue(&state)
            state.nextCheck = nil
            if let next = state.queue.compactMap(\.deadline).min() { check(at: next, &state) }
            return overdue
        }
        refuse(overdue)
    }

    private func takeOverdue(_ state: inout State) -> [WaitingRequest] {
        let now = ContinuousClock.now
        let overdue = state.queue.filter { $0.isOverdue(at: now) }
        guard !overdue.isEmpty else { return [] }
        for request in overdue { request.stage = .left }
        state.queue.removeAll { $0.stage == .left }
        metrics.pending.set(state.queue.count)
        return overdue
    }

    private func refuse(_ overdue: [WaitingRequest]) {
        for request in overdue {
            let waited = request.arrival.duration(to: .now)
            request.continuation?.resume(
                throwing: ServingError(
                    .timeout,
                    "the request waited \(Int(waited.seconds * 1000)) ms for model \(name), longer "
                        + "than its time-out; try again later, or allow more time"))
        }
    }
}

// MARK: Batches

extension Batcher {
    /// Schedules a job unless all are under way, nothing waits, or the delay is not over.
    private func scheduleJob(_ state: inout State) {
        guard state.jobCount < engine.concurrency, let first = state.queue.first else { return }
        if batching.maxDelay > .zero {
            let left = ContinuousClock.now.duration(to: first.arrival + batching.maxDelay)
            let gathered = state.queue.reduce(0) { $0 + ($1.joins(first) ? $1.count : 0) }
            if left > .zero, gathered < batching.maxBatchSize { return delay(left, &state) }
        }
        state.jobCount += 1
        engine.schedule { [self] in runJob() }
    }

    private func delay(_ duration: Duration, _ state: inout State) {
        guard !state.isDelaying else { return }
        state.isDelaying = true
        DispatchQueue.global().asyncAfter(deadline: .now() + duration.seconds) { [self] in
            self.state.withLock { state in
                state.isDelaying = false
                scheduleJob(&state)
            }
        }
    }

    private func runJob() {
        let (batch, overdue) = state.withLock { state in
            let overdue = takeOverdue(&state)
            return (takeBatch(&state), overdue)
        }
        refuse(overdue)
        if !batch.isEmpty { run(batch) }
        state.withLock { state in
            state.jobCount -= 1
            scheduleJob(&state)
        }
    }

    /// Takes the first request, and those behind it that fit into its batch.
    private func takeBatch(_ state: inout State) -> [WaitingRequest] {
        var batch: [WaitingRequest] = []
        var count = 0
        for request in state.queue {
            if let first = batch.first {
                guard count + request.count <= batching.maxBatchSize, request.joins(first) else {
                    continue
                }
            }
            count += request.count
            request.stage = .left
            batch.append(request)
            if count >= batching.maxBatchSize { break }
        }
        if batch.count == state.queue.count {
            state.queue.removeAll(keepingCapacity: true)
        } else {
            state.queue.removeAll { $0.stage == .left }
        }
        metrics.pending.set(state.queue.count)
        return batch
    }

    private func run(_ batch: [WaitingRequest]) {
        let start = ContinuousClock.now
        do {
            let outputs = try engine.compute(batch.map(\.x))
            let end = ContinuousClock.now
            metrics.recordBatch(of: batch.reduce(0) { $0 + $1.count })
            for (request, outputs) in zip(batch, outputs) {
                request.computation = start..<end
                request.continuation?.resume(returning: outputs)
            }
        } catch {
            // One request that fails must not fail its neighbours.
            guard batch.count > 1 else {
                batch.first?.continuation?.resume(throwing: error)
                return
            }
            for request in batch { run([request]) }
        }
    }
}

extension Duration {
    /// In seconds.
    var seconds: Double { self / .seconds(1) }
}
#endif
