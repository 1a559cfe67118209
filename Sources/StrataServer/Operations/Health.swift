#if Server
import Synchronization

/// Whether the server runs, and whether it takes requests.
public final class Health: Sendable {
    private let repository: ModelRepository
    private let draining = Atomic(false)

    package init(_ repository: ModelRepository) {
        self.repository = repository
    }

    /// Whether the server is about to end and finishes the requests that it has.
    public var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// Whether all models are loaded and the server is not about to end.
    public var isReady: Bool { !isDraining && repository.isReady }

    package func drain() { draining.store(true, ordering: .releasing) }
}
#endif
