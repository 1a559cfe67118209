#if Server
public import Strata

/// A version of a model that is loaded and answers requests.
public final class ServedModel: Sendable {
    public let name: String
    /// The version's folder name: a whole number.
    public let version: String
    public let predictor: Predictor
    let metrics: ModelMetrics
    private let batching: Batching
    private let batcher: Batcher

    package init(
        name: String, version: String, predictor: Predictor, batching: Batching = Batching(),
        metrics: PrometheusMetrics = PrometheusMetrics()
    ) {
        self.name = name
        self.version = version
        self.predictor = predictor
        self.metrics = ModelMetrics(model: name, version: version, metrics)
        self.batching = batching
        let engine = Batcher.Engine(
            concurrency: predictor.concurrency, schedule: { predictor.schedule($0) },
            compute: { try predictor.predict(requests: $0) })
        batcher = Batcher(name, batching, metrics: self.metrics, engine: engine)
    }

    /// Predicts, possibly in one batch with other requests.
    ///
    /// - Parameters:
    ///   - x: a tensor `[count, …]` for each input, in the order of the predictor's.
    ///   - timeout: how long the request may wait for its batch; the server's if left out.
    /// - Returns: a tensor `float32 [count, …]` for each output.
    /// - Throws: a ``ServingError``; what the predictor throws; `CancellationError` if the task was
    ///   cancelled.
    public func infer(_ x: [Tensor], timeout: Duration? = nil) async throws -> [Tensor] {
        let arrival = ContinuousClock.now
        let request = WaitingRequest(try fitting(x), timeout: timeout ?? batching.timeout)
        do {
            let outputs = try await batcher.submit(request)
            metrics.record(request, arrival: arrival)
            return outputs
        } catch {
            metrics.record(ModelMetrics.Failure(ofSubmitting: error))
            throw error
        }
    }

    private func fitting(_ x: [Tensor]) throws -> [Tensor] {
        do {
            return try predictor.fitting(x)
        } catch {
            metrics.record(.other)
            throw error
        }
    }
}

extension ModelMetrics.Failure {
    /// The reason of what ``Batcher/submit(_:)`` throws: a ``ServingError`` before the batch is computed.
    fileprivate init(ofSubmitting error: any Error) {
        switch error {
        case is CancellationError: self = .canceled
        case is ServingError: self = .rejected
        default: self = .backend
        }
    }
}

#endif
