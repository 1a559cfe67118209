#if Server
/// What a repository knows of a model.
struct RepositoryEntry {
    /// A version that cannot be loaded.
    struct Failure {
        /// Of the file, if there is one.
        let stamp: FileStamp?
        let reason: String
        /// Whether it was told; a file that is still being written fails without a word.
        var isReported: Bool
        /// Whether only another file can be loaded: one that cannot be opened is tried again, as
        /// permissions change without a change of the file.
        var isLasting = true
    }

    /// The loaded versions, the oldest first.
    var served: [ServedModel] = []
    /// The files of the loaded versions, unless they came from memory.
    var stamps: [String: FileStamp] = [:]
    var failures: [String: Failure] = [:]
    /// The versions that are being loaded for the first time.
    var loading: Set<String> = []
    /// The versions that are in the repository.
    var found: Set<String> = []
    /// Unloaded by a client.
    var isUnloaded = false
    /// Whether it was there at the start, so that the server is not ready without it.
    var isRequired = false

    func served(_ version: String) -> ServedModel? { served.first { $0.version == version } }

    func index(_ name: String) -> [ModelRepository.IndexEntry] {
        var versions = Set(served.map(\.version)).union(failures.keys).union(loading)
        // A model that does not answer is not missing from the index.
        let isWithoutAny = versions.isEmpty
        if isUnloaded || isWithoutAny { versions.formUnion(found) }
        if versions.isEmpty {
            let reason = "it has no versions; put the file into \(name)/1"
            return [.init(name: name, version: "", state: .unavailable, reason: reason)]
        }
        return versions.sorted(by: Self.isOlder).map { version in
            let state: ModelRepository.State =
                if served(version) != nil {
                    .ready
                } else if loading.contains(version) {
                    .loading
                } else {
                    .unavailable
                }
            let reason =
                isUnloaded
                ? "unloaded"
                : failures[version]?.reason
                    ?? (isWithoutAny ? "it is not among the versions that are to be served" : "")
            return ModelRepository.IndexEntry(
                name: name, version: version, state: state, reason: reason)
        }
    }

    /// Whether a version's number is lower.
    static func isOlder(_ a: String, _ b: String) -> Bool { (Int(a) ?? 0) < (Int(b) ?? 0) }
}
#endif
