#if Server
import HTTPTypes
import Dispatch
import Strata
import Synchronization

/// Runs the computations with one model one after the other, on a thread of their own: a ``Model`` is
/// not for several threads, and the server's threads must not wait for it.
final class ModelWorker: Sendable {
    /// Requests that may wait; a slider sends one for each step.
    private static let queueLimit = 64

    /// Used on the queue alone.
    private final class Held: @unchecked Sendable {
        let load: @Sendable () throws -> Model
        var inspection: Inspection?

        init(load: @escaping @Sendable () throws -> Model) {
            self.load = load
        }
    }

    private let held: Held
    private let queue = DispatchQueue(label: "strata.studio.model")
    private let waiting = Atomic(0)

    /// - Parameter load: gives the model, on the worker's thread, when it is first needed.
    init(load: @escaping @Sendable () throws -> Model) {
        held = Held(load: load)
    }

    /// Runs `body` with the model.
    ///
    /// - Throws: a ``StudioError`` if too many requests wait, or what `body` throws.
    func run<R: Sendable>(
        _ body: @escaping @Sendable (Inspection) throws -> R
    ) async throws -> R {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.queueLimit else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            throw StudioError(
                .tooManyRequests, "\(Self.queueLimit) requests wait for this model; try again")
        }
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [held] in
                continuation.resume(
                    with: Result {
                        let inspection = try held.inspection ?? Inspection(held.load())
                        held.inspection = inspection
                        return try body(inspection)
                    })
            }
        }
    }
}
#endif
