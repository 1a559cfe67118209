#if Server
public import Strata

/// A version of a model that is loaded and answers requests.
public final class ServedModel: Sendable {
    public let name: String
    /// The version's folder name: a whole number.
    public let version: String
    public let predictor: Predictor

    package init(name: String, version: String, predictor: Predictor) {
        self.name = name
        self.version = version
        self.predictor = predictor
    }

    /// Predicts, possibly in one batch with other requests.
    ///
    /// - Parameters:
    ///   - x: a tensor `[count, …]` for each input, in the order of the predictor's.
    ///   - timeout: how long the request may wait for its batch; the server's if left out.
    /// - Returns: a tensor `float32 [count, …]` for each output.
    /// - Throws: a ``ServingError``; `CancellationError` if the task was cancelled.
    public func infer(_ x: [Tensor], timeout: Duration? = nil) async throws -> [Tensor] {
        try predictor.predict(x)
    }
}
#endif
