import Foundation
import Strata
import Synchronization
import Testing

/// Several threads with one model: right results, or an error that says why not.
@Suite struct ThreadUseTests {
    private static let threads = 8

    private static func samples(_ count: Int, seed: Int = 0) -> Tensor {
        let values = (0..<count * 36).map { Float(($0 * 37 + seed * 11) % 101) / 50 - 1 }
        return Tensor(values, shape: [count, 6, 6, 1])
    }

    private static func classes(_ count: Int) -> Tensor {
        Tensor((0..<count).map { Int32($0 % 3) }, shape: [count])
    }

    private static func network() throws -> Sequential {
        let model = try Sequential {
            Input(shape: [6, 6, 1])
            Conv2D(8, kernelSize: 3, activation: .relu)
            MaxPooling2D(2)
            Flatten()
            Dense(3, activation: .softmax)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0.01), loss: .sparseCategoricalCrossentropy,
            metrics: [.accuracy])
        return model
    }

    /// Runs `body` on several threads at once, and gathers what went wrong in any.
    private static func onThreads(_ body: @escaping @Sendable (_ thread: Int) throws -> String?)
        -> [String]
    {
        let found = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            do {
                if let problem = try body(thread) { found.withLock { $0.append(problem) } }
            } catch {
                found.withLock { $0.append("\(error)") }
            }
        }
        return found.withLock { $0 }
    }

    /// What `body` throws on another thread, to whose end this one waits.
    private static func errorElsewhere(_ body: @escaping () throws -> Void) -> String {
        nonisolated(unsafe) let body = body
        let found = Mutex("")
        let isDone = DispatchSemaphore(value: 0)
        Thread {
            do {
                try body()
            } catch {
                found.withLock { $0 = "\(error)" }
            }
            isDone.signal()
        }.start()
        isDone.wait()
        return found.withLock { $0 }
    }

    @Test func `many threads that predict with one model get what one gets`() throws {
        nonisolated(unsafe) let model = try Self.network()
        let inputs = (0..<Self.threads).map { Self.samples(1 + $0 % 3, seed: $0) }
        let expected = try inputs.map { try model.predictOnBatch($0).scalars }
        let found = Self.onThreads { thread in
            for _ in 0..<200 {
                guard try model.predictOnBatch(inputs[thread]).scalars == expected[thread],
                    try model.predict(inputs[thread], batchSize: 1).shape[0] == 1 + thread % 3
                else { return "another result on thread \(thread)" }
            }
            return nil
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `models that share layers, a model within another, and traced functions`() throws {
        let input = Input(shape: [6, 6, 1])
        let image = Conv2D(8, kernelSize: 3, activation: .relu)(input)
        let end = Dense(3)(Flatten()(image))
        nonisolated(unsafe) let whole = try Model(inputs: input, outputs: end)
        nonisolated(unsafe) let part = try Model(inputs: input, outputs: image)
        let other = Input(shape: [6, 6, 1])
        nonisolated(unsafe) let outer = try Model(inputs: other, outputs: whole(other) * 2)
        nonisolated(unsafe) let function = TracedFunction(isTraining: false) { inputs, context in
            [whole(inputs[0], context)]
        }
        nonisolated(unsafe) let slope = valueAndGradient(of: whole.trainableWeights) {
            inputs, context in whole(inputs[0], context).square().mean()
        }
        let x = Self.samples(2)
        let (wholes, parts) = (try whole.predict(x).scalars, try part.predict(x).scalars)
        let slopes = try slope([x]).gradients.map(\.scalars)
        let found = Self.onThreads { thread in
            for _ in 0..<60 {
                let isRight =
                    switch thread % 5 {
                    case 0: try whole.predict(x).scalars == wholes
                    case 1: try part.predict(x).scalars == parts
                    case 2: try outer.predict(x).scalars == wholes.map { $0 * 2 }
                    case 3: try function([x])[0].scalars == wholes
                    default: try slope([x]).gradients.map(\.scalars) == slopes
                    }
                if !isRight { return "another result of kind \(thread % 5)" }
            }
            return nil
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `many threads that evaluate and train batches`() throws {
        nonisolated(unsafe) let model = try Self.network()
        let (x, y) = (Self.samples(9), Self.classes(9))
        let expected = try model.evaluate(x, y, batchSize: 4, verbose: .silent)
        let evaluations = Self.onThreads { _ in
            for _ in 0..<10
            where try model.evaluate(x, y, batchSize: 4, verbose: .silent) != expected {
                return "another loss"
            }
            return nil
        }
        #expect(evaluations.isEmpty, "\(evaluations)")

        nonisolated(unsafe) let trainer = Trainer(SGD(learningRate: 0.01), for: model)
        nonisolated(unsafe) let step = TracedFunction { inputs, context in
            let loss = SparseCategoricalCrossentropy()(inputs[1], model(inputs[0], context))
            context.minimize(loss, trainer)
            return [loss]
        }
        let steps = Self.onThreads { thread in
            for _ in 0..<20 {
                if thread % 2 == 0 { try model.trainOnBatch(x, y) } else { try step([x, y]) }
            }
            return nil
        }
        #expect(steps.isEmpty, "\(steps)")
        #expect(try trainer.iterations == 20 * Self.threads / 2)
        #expect(try model.predict(x).scalars.allSatisfy(\.isFinite))
    }

    /// What another thread does while `fit` is between two steps.
    @Test func `whoever computes with what another thread trains gets an error`() throws {
        let model = try Self.network()
        let (x, y) = (Self.samples(8), Self.classes(8))
        let head = try Model(inputs: model.inputs, outputs: model.outputs, name: "head")
        let trained = try Self.network()
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).keras").path
        let calls: [() throws -> Void] = [
            { _ = try model.predict(x) }, { _ = try model.predictOnBatch(x) },
            { try model.evaluate(x, y, verbose: .silent) }, { try model.testOnBatch(x, y) },
            { try model.trainOnBatch(x, y) }, { try model.fit(x, y, verbose: .silent) },
            { try model.save(to: path) }, { try model.setWeights(model.getWeights()) },
            { _ = try model.profile(x, seconds: 0) },
        ]
        let errors = Mutex<[String]>([])
        let sharedError = Mutex("")
        let callback = Elsewhere {
            let found = calls.map { Self.errorElsewhere($0) }
            errors.withLock { $0 = found }
            let shared = Self.errorElsewhere { _ = try head.predict(x) }
            sharedError.withLock { $0 = shared }
            // This thread may, and another with another model.
            _ = try model.predict(x)
            #expect(Self.errorElsewhere { _ = try trained.predict(x) } == "")
        }
        try model.fit(x, y, epochs: 1, verbose: .silent, callbacks: [callback])
        let expected = """
            model \(model.name) is being trained by another thread
              fix: wait until that is done, or load a copy of the model for this thread
            """
        #expect(errors.withLock { $0 } == Array(repeating: expected, count: calls.count))
        #expect(
            sharedError.withLock { $0 }.hasPrefix(
                "model head shares weights with model \(model.name), which is being trained"))
        for call in calls where Self.errorElsewhere(call) != "" {
            Issue.record("after training: \(Self.errorElsewhere(call))")
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test func `a prediction waits for another thread's evaluation of arrays`() throws {
        nonisolated(unsafe) let model = try Self.network()
        let (x, y) = (Self.samples(8), Self.classes(8))
        let order = Mutex<[String]>([])
        let isDone = DispatchSemaphore(value: 0)
        let callback = Elsewhere {
            Thread {
                if (try? model.predict(x)) != nil { order.withLock { $0.append("predicted") } }
                isDone.signal()
            }.start()
            order.withLock { $0.append("evaluating") }
        } atEnd: {
            order.withLock { $0.append("evaluated") }
        }
        try model.evaluate(x, y, batchSize: 4, verbose: .silent, callbacks: [callback])
        isDone.wait()
        #expect(order.withLock { $0 } == ["evaluating", "evaluated", "predicted"])
    }

    /// All elements have the same gradient, so that they are equal after each step, but not within one.
    @Test func `weights that another thread reads are those of a whole step`() throws {
        let model = try Sequential {
            Input(shape: [512])
            Dense(512, useBias: false, kernelInitializer: .ones)
        }
        try model.compile(optimizer: SGD(learningRate: 0.001), loss: .meanSquaredError)
        let kernel = model.weights[0]
        let isOver = Atomic(false)
        let mixed = Mutex<[String]>([])
        let isDone = DispatchSemaphore(value: 0)
        Thread {
            while !isOver.load(ordering: .relaxed) {
                usleep(500)
                do {
                    let values = try kernel.value.scalars
                    guard let other = values.first(where: { $0 != values[0] }) else { continue }
                    mixed.withLock { $0.append("\(values[0]) and \(other)") }
                } catch {
                    mixed.withLock { $0.append("\(error)") }
                }
            }
            isDone.signal()
        }.start()
        let (x, y) = (Tensor(repeating: 1, shape: [1, 512]), Tensor.zeros([1, 512]))
        try model.fit(x, y, epochs: 60, verbose: .silent)
        isOver.store(true, ordering: .relaxed)
        isDone.wait()
        let found = mixed.withLock { $0 }
        #expect(found.isEmpty, "\(found.count) reads, such as \(found.first ?? "")")
    }

    @Test func `models made on many threads`() throws {
        let shared = Dense(4)
        nonisolated(unsafe) let layer = shared
        let names = Mutex<[String]>([])
        let found = Self.onThreads { thread in
            for _ in 0..<10 {
                let input = Input(shape: [3])
                let hidden = Dense(3)
                let model = try Model(inputs: input, outputs: layer(hidden(input)))
                names.withLock { $0 += [hidden.name, model.name] }
                let y = try model.predict(Tensor(repeating: 1, shape: [1, 3]))
                if y.shape != [1, 4] { return "shape \(y.shape)" }
            }
            return nil
        }
        #expect(found.isEmpty, "\(found)")
        #expect(shared.weights.map(\.shape) == [[3, 4], [4]])
        let all = names.withLock { $0 }
        #expect(Set(all).count == all.count)
    }

    /// Does something once, in the first batch.
    private final class Elsewhere: Callback {
        private let action: () throws -> Void
        private let atEnd: () -> Void
        private var isDone = false

        init(_ action: @escaping () throws -> Void, atEnd: @escaping () -> Void = {}) {
            self.action = action
            self.atEnd = atEnd
        }

        private func act() throws {
            if isDone { return }
            isDone = true
            try action()
        }

        override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws { try act() }
        override func onTestBatchEnd(_ batch: Int, logs: Logs) throws { try act() }
        override func onTestEnd(logs: Logs) throws { atEnd() }
    }
}
