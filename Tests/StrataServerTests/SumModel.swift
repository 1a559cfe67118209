#if Server
import Foundation
import Strata
import StrataTestSupport

/// A model whose one output is the sum of its two inputs and a bias, by which its versions differ.
enum SumModel {
    static func make(bias: Float) throws -> Model {
        try Sequential(name: "sum") {
            Input(shape: [2], name: "numbers")
            Dense(1, kernelInitializer: .ones, biasInitializer: .constant(bias), name: "total")
        }
    }

    static func predictor(bias: Float) throws -> Predictor { try Predictor(make(bias: bias)) }

    /// Writes the file, and the folders on the way.
    static func write(bias: Float, to path: String) throws {
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true)
        try make(bias: bias).save(to: path)
    }
}

extension TemporaryFolder {
    func path(_ name: String) -> String { "\(path)/\(name)" }
}

/// Waits for something that happens on other threads.
///
/// The limit is for what never happens: all tests run at once, and share the threads of tasks for minutes.
func wait(until isDone: @Sendable () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(600)
    while !isDone() {
        guard .now < end else { throw CancellationError() }
        try await Task.sleep(for: .microseconds(200))
    }
}
#endif
