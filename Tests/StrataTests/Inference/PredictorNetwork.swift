import Dispatch
import Foundation
import Strata
import Synchronization

/// A small network and its data for tests of ``Predictor``.
enum PredictorNetwork {
    static func samples(_ count: Int, seed: Int = 0) -> Tensor {
        let values = (0..<count * 36).map { Float(($0 * 37 + seed * 11) % 101) / 50 - 1 }
        return Tensor(values, shape: [count, 6, 6, 1])
    }

    static func classes(_ count: Int) -> Tensor {
        Tensor((0..<count).map { Int32($0 % 3) }, shape: [count])
    }

    static func make() throws -> Sequential {
        let model = try Sequential {
            Input(shape: [6, 6, 1], name: "image")
            Conv2D(16, kernelSize: 3, activation: .relu, kernelInitializer: GlorotUniform(seed: 1))
            MaxPooling2D(2)
            Flatten()
            Dense(3, activation: .softmax, kernelInitializer: GlorotUniform(seed: 2))
        }
        try model.compile(
            optimizer: SGD(learningRate: 0.01), loss: .sparseCategoricalCrossentropy)
        return model
    }

    /// Runs `body` on several threads at once, and gathers what went wrong in any.
    static func onThreads(
        _ count: Int, _ body: @escaping @Sendable (_ thread: Int) throws -> String?
    ) -> [String] {
        let found = Mutex<[String]>([])
        let isDone = DispatchSemaphore(value: 0)
        for thread in 0..<count {
            Thread.detachNewThread {
                do {
                    if let problem = try body(thread) { found.withLock { $0.append(problem) } }
                } catch {
                    found.withLock { $0.append("\(error)") }
                }
                isDone.signal()
            }
        }
        for _ in 0..<count { isDone.wait() }
        return found.withLock { $0 }
    }
}
