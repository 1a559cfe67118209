#if Server
import Strata
import Testing

@testable import StrataServer

@Suite struct BatcherTests {
    let engine = ManualEngine()

    @Test func `what gathers before its turn is one batch, and each gets its own answer`()
        async throws
    {
        let batcher = engine.batcher()
        let tasks = [
            try await batcher.send(1), try await batcher.send(2, count: 3),
            try await batcher.send(3),
        ]
        #expect(engine.jobCount == 1)
        engine.runAll()
        #expect(engine.batches == [[1, 2, 3]])
        for (task, expected) in zip(
            tasks, [Tensor.full([1, 2], 2), .full([3, 2], 4), .full([1, 2], 6)])
        {
            #expect(try await task.value == [expected])
        }
        #expect(batcher.waitingCount == 0)
    }

    @Test func `a batch has at most its samples, and a larger request is alone`() async throws {
        let batcher = engine.batcher { $0.maxBatchSize = 4 }
        var tasks: [Task<[Tensor], any Error>] = []
        for (value, count) in [(1, 2), (2, 3), (3, 2), (4, 9), (5, 1)] {
            tasks.append(try await batcher.send(Float(value), count: count))
        }
        engine.runAll()
        // The third fits beside the first, the fifth beside the second.
        #expect(engine.batches == [[1, 3], [2, 5], [4]])
        for task in tasks { _ = try await task.value }
    }

    @Test func `requests of other shapes are batches of their own`() async throws {
        let batcher = engine.batcher()
        let tasks = [
            try await batcher.send(1), try await batcher.send(2, width: 3),
            try await batcher.send(3), try await batcher.send(4, width: 3),
        ]
        engine.runAll()
        #expect(engine.batches == [[1, 3], [2, 4]])
        #expect(try await tasks[3].value == [.full([1, 3], 8)])
    }

    @Test func `a request beyond the limit of the queue is refused, the others are answered`()
        async throws
    {
        let batcher = engine.batcher { $0.queueLimit = 2 }
        let tasks = [try await batcher.send(1), try await batcher.send(2)]
        let refused = Task {
            try await batcher.submit(WaitingRequest([.full([1, 2], 3)], timeout: nil))
        }
        let error = await #expect(throws: ServingError.self) { try await refused.value }
        #expect(error?.status == .queueFull)
        #expect(
            error?.message
                == "model digits has 2 requests waiting, the most that may; try again later")
        engine.runAll()
        for task in tasks { _ = try await task.value }
    }

    @Test func `a request that waits too long is refused while a batch is computed`() async throws {
        let batcher = engine.batcher()
        let patient = try await batcher.send(1)
        let task = Task {
            try await batcher.submit(WaitingRequest([.full([1, 2], 2)], timeout: .milliseconds(1)))
        }
        let error = await #expect(throws: ServingError.self) { try await task.value }
        #expect(error?.status == .timeout)
        engine.runAll()
        #expect(try await patient.value == [.full([1, 2], 2)])
        #expect(engine.batches == [[1]])
    }

    @Test func `a cancelled request leaves the queue`() async throws {
        let batcher = engine.batcher()
        let first = try await batcher.send(1)
        let cancelled = try await batcher.send(2)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(batcher.waitingCount == 1)
        engine.runAll()
        _ = try await first.value
        #expect(engine.batches == [[1]])
    }

    @Test func `a request whose task was cancelled before does not come into the queue`()
        async throws
    {
        let batcher = engine.batcher()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await batcher.submit(WaitingRequest([.full([1, 2], 1)], timeout: nil))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(engine.jobCount == 0)
    }

    @Test func `the request of a client that has gone leaves the queue`() async throws {
        let batcher = engine.batcher()
        let connection = ClientConnection()
        let task = try await ClientConnection.$current.withValue(connection) {
            try await batcher.send(1)
        }
        connection.close()
        await #expect(throws: CancellationError.self) { try await task.value }
        engine.runAll()
        #expect(engine.batches == [])
    }

    @Test func `a request that fails does not fail its neighbours`() async throws {
        let batcher = engine.batcher()
        let tasks = [
            try await batcher.send(1), try await batcher.send(ManualEngine.unlucky),
            try await batcher.send(3),
        ]
        engine.runAll()
        #expect(try await tasks[0].value == [.full([1, 2], 2)])
        await #expect(throws: ManualEngine.Unlucky.self) { try await tasks[1].value }
        #expect(try await tasks[2].value == [.full([1, 2], 6)])
    }

    @Test func `with a delay a batch waits until it is full`() async throws {
        let batcher = engine.batcher {
            $0.maxDelay = .seconds(3600)
            $0.maxBatchSize = 2
        }
        let first = try await batcher.send(1)
        #expect(engine.jobCount == 0)
        let second = try await batcher.send(2)
        #expect(engine.jobCount == 1)
        engine.runAll()
        #expect(engine.batches == [[1, 2]])
        _ = try await (first.value, second.value)
    }

    @Test func `with a delay a lone request is computed when it is over`() async throws {
        let batcher = engine.batcher { $0.maxDelay = .milliseconds(1) }
        let task = try await batcher.send(1)
        try await wait { engine.jobCount == 1 }
        engine.runAll()
        #expect(try await task.value == [.full([1, 2], 2)])
    }

    @Test func `as many batches are under way as the engine computes at once`() async throws {
        let batcher = engine.batcher(concurrency: 2) { $0.maxBatchSize = 1 }
        var tasks: [Task<[Tensor], any Error>] = []
        for value in 1...3 { tasks.append(try await batcher.send(Float(value))) }
        #expect(engine.jobCount == 2)
        engine.runAll()
        #expect(engine.batches == [[1], [2], [3]])
        for task in tasks { _ = try await task.value }
    }

    /// 2⁶² samples of nothing, twice: their number must not overflow.
    @Test func `an empty tensor of any length is no trap`() async throws {
        let batcher = engine.batcher()
        let x = try Tensor([Float]()).reshaped([1 << 62, 0])
        let requests = (0..<2).map { _ in WaitingRequest([x], timeout: nil) }
        #expect(requests[0].joins(requests[1]))
        #expect(requests[0].count + requests[1].count < 1 << 62)
        #expect(batcher.waitingCount == 0)
    }
}
#endif
