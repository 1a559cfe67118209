import Dispatch
import Foundation
import Strata
import Synchronization
import Testing

/// Many callers of frozen models at once.
@Suite struct PredictorThreadTests {
    private typealias Network = PredictorNetwork

    /// Batches of different sizes, and what one thread predicts for them.
    private struct Expected {
        var batches: [Tensor] = []
        var results: [Tensor] = []

        init(_ predictor: Predictor) throws {
            for count in [1, 2, 1, 3, 4, 1, 7, 33] {
                batches.append(Network.samples(count, seed: batches.count))
                results.append(try predictor.predict(batches[batches.count - 1]))
            }
        }
    }

    @Test(arguments: [1, 2])
    func `eight threads get the bits that one gets`(concurrency: Int) throws {
        let predictor = try Predictor(try Network.make(), concurrency: concurrency)
        let expected = try Expected(predictor)
        let found = Network.onThreads(8) { thread in
            for turn in 0..<2000 {
                let number = (thread + turn) % expected.batches.count
                guard try predictor.predict(expected.batches[number]) == expected.results[number]
                else { return "another result on thread \(thread) in turn \(turn)" }
            }
            return nil
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [1, 2])
    func `eight tasks get the bits that one gets`(concurrency: Int) async throws {
        let predictor = try Predictor(try Network.make(), concurrency: concurrency)
        let expected = try Expected(predictor)
        try await withThrowingTaskGroup(of: String?.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for turn in 0..<2000 {
                        let number = (task + turn) % expected.batches.count
                        let found = try await predictor.predict(expected.batches[number])
                        if found != expected.results[number] {
                            return
                                "another result in turn \(turn): \(found.scalars) \(expected.results[number].scalars)"
                        }
                    }
                    return nil
                }
            }
            for try await problem in group { #expect(problem == nil) }
        }
    }

    @Test func `a model that is trained meanwhile, and predictors that come and go`() throws {
        nonisolated(unsafe) let model = try Network.make()
        let predictor = try Predictor(model)
        let expected = try Expected(predictor)
        let isTrained = Atomic(false)
        let found = Network.onThreads(5) { thread in
            if thread == 0 {
                for _ in 0..<30 {
                    try model.fit(
                        Network.samples(64), Network.classes(64), batchSize: 8, epochs: 1,
                        verbose: .silent)
                }
                isTrained.store(true, ordering: .relaxed)
                return nil
            }
            var turn = 0
            while turn < 50 || !isTrained.load(ordering: .relaxed) {
                let number = (thread + turn) % expected.batches.count
                guard try predictor.predict(expected.batches[number]) == expected.results[number]
                else { return "another result on thread \(thread) in turn \(turn)" }
                if thread == 1 {
                    // Freed at once, while others predict.
                    let other = try Predictor(try Network.make(), concurrency: 1 + turn % 2)
                    guard try other.predict(expected.batches[0]).shape == [1, 3] else {
                        return "another shape"
                    }
                }
                turn += 1
            }
            return nil
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `a plan that is made while another thread trains`() throws {
        nonisolated(unsafe) let model = try Network.make()
        let x = Network.samples(16)
        let expected = try model.predictOnBatch(x)
        let predictor = try Predictor(model)
        let found = Mutex<Tensor?>(nil)
        let callback = LambdaCallback(onEpochBegin: { _ in
            let isDone = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                let result = try? predictor.predict(x)
                found.withLock { $0 = result }
                isDone.signal()
            }
            isDone.wait()
        })
        try model.fit(
            Network.samples(8), Network.classes(8), epochs: 2, verbose: .silent,
            callbacks: [callback])
        #expect(found.withLock { $0 } == expected)
    }

    @Test func `a task that is cancelled before its turn`() async throws {
        let predictor = try Predictor(try Network.make())
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await predictor.predict(Network.samples(1))
        }
        await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
        // Of many that wait, some are cancelled; each ends.
        let tasks = (0..<64).map { number in
            Task { try await predictor.predict(Network.samples(1 + number % 2)) }
        }
        for number in stride(from: 1, to: 64, by: 2) { tasks[number].cancel() }
        for (number, task) in tasks.enumerated() {
            let result = await task.result
            switch result {
            case .success(let found): #expect(found.shape == [1 + number % 2, 3])
            case .failure(let error): #expect(number % 2 == 1 && error is CancellationError)
            }
        }
        #expect(try await predictor.predict(Network.samples(1)).shape == [1, 3])
    }
}
