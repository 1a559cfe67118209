#if Server
import Synchronization

extension ModelRepository {
    /// The state of a version of a model, by its name in the protocol.
    public enum State: String, Sendable, Hashable {
        case unavailable = "UNAVAILABLE"
        case loading = "LOADING"
        case ready = "READY"
    }

    /// A version of a model that is served, or could not be loaded.
    public struct IndexEntry: Sendable, Hashable {
        public let name: String
        public let version: String
        public let state: State
        /// Why it is not ready, or why its newer file is not served.
        public let reason: String
    }

    /// The versions of all models, by name, the oldest first.
    ///
    /// - Parameter onlyReady: leaves out those that do not answer requests.
    public func index(onlyReady: Bool = false) -> [IndexEntry] {
        let models = models.withLock { $0 }
        return models.keys.sorted().flatMap { name in models[name]?.index(name) ?? [] }
            .filter { !onlyReady || $0.state == .ready }
    }

    /// Whether all models that were there at the start answer requests, but for those that a client
    /// unloaded.
    ///
    /// A model that is put into the repository later, and cannot be loaded, does not take the others
    /// out of service.
    public var isReady: Bool {
        models.withLock { models in
            models.values.allSatisfy { !$0.isRequired || $0.isUnloaded || !$0.served.isEmpty }
        }
    }
}
#endif
