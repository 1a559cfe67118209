#if Server
import Strata
import Synchronization

@testable import StrataServer

/// An engine whose jobs run when the test says so, and whose outputs are twice the inputs.
final class ManualEngine: Sendable {
    /// What requests that hold it fail with.
    struct Unlucky: Error {}

    static let unlucky: Float = 13

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let computed = Mutex<[[Float]]>([])

    /// The scheduled jobs that have not run.
    var jobCount: Int { jobs.withLock { $0.count } }

    /// The first value of each request of each batch.
    var batches: [[Float]] { computed.withLock { $0 } }

    func batcher(
        concurrency: Int = 1, _ change: (inout Batching) -> Void = { _ in }
    ) -> Batcher {
        var batching = Batching()
        change(&batching)
        let engine = Batcher.Engine(
            concurrency: concurrency,
            schedule: { [self] job in jobs.withLock { $0.append(job) } },
            compute: { [self] requests in
                let values = requests.map { $0[0].scalars[0] }
                computed.withLock { $0.append(values) }
                if values.contains(Self.unlucky) { throw Unlucky() }
                return requests.map { $0.map { $0 * 2 } }
            })
        let metrics = ModelMetrics(model: "digits", version: "1", PrometheusMetrics())
        return Batcher("digits", batching, metrics: metrics, engine: engine)
    }

    func runNext() {
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?()
    }

    func runAll() { while jobCount > 0 { runNext() } }
}

extension Tensor {
    static func full(_ shape: [Int], _ value: Float) -> Tensor {
        Tensor(repeating: value, shape: shape)
    }
}

extension Batcher {
    /// Sends a request of `count` samples, all of this value, and returns when it is in the queue.
    func send(
        _ value: Float, count: Int = 1, width: Int = 2, timeout: Duration? = nil
    ) async throws -> Task<[Tensor], any Error> {
        let before = waitingCount
        let x = Tensor.full([count, width], value)
        let task = Task { try await submit(WaitingRequest([x], timeout: timeout)) }
        try await wait { self.waitingCount > before }
        return task
    }
}
#endif
