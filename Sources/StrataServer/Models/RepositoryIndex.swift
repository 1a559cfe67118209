#if Server
extension ModelRepository {
    /// The state of a version of a model, by its name in the protocol.
    public enum State: String, Sendable, Hashable {
        case unavailable = "UNAVAILABLE"
        case loading = "LOADING"
        case ready = "READY"
        case unloading = "UNLOADING"
    }

    /// A version of a model that is in the repository, loaded or not.
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
        names.flatMap { name in
            ((try? versions(of: name)) ?? []).map {
                IndexEntry(name: name, version: $0.version, state: .ready, reason: "")
            }
        }
    }

    /// Loads a model, or the newest files of a loaded one.
    ///
    /// Requests go on being answered meanwhile.
    ///
    /// - Throws: a ``ServingError`` if there is no such model, or no version of it can be loaded;
    ///   what was loaded before stays.
    public func load(_ name: String) async throws(ServingError) {
        _ = try versions(of: name)
    }

    /// Unloads all versions of a model, after the requests that were accepted.
    ///
    /// - Throws: a ``ServingError`` if there is no such model.
    public func unload(_ name: String) async throws(ServingError) {
        _ = try versions(of: name)
    }

    /// Whether all models of the repository answer requests.
    public var isReady: Bool { index().allSatisfy { $0.state == .ready } }
}
#endif
