#if Server
import Foundation
public import Logging
public import Strata
import Synchronization

/// The models that a server has.
///
/// A folder has a subfolder for each model, with a folder for each version, with one `.keras` file:
///
/// ```text
/// models/digits/1/model.keras
/// models/digits/2/model.keras
/// ```
///
/// Links are followed as long as they stay in the folder. ``refresh()`` loads what is new beside what
/// is old and swaps them; requests that have found the old one are answered by it. A file that cannot
/// be loaded leaves the old one in place.
public final class ModelRepository: Sendable {
    /// The metrics of the models, and of the server that has them.
    public let metrics: PrometheusMetrics
    let source: RepositorySource
    let policy: VersionPolicy
    let batching: Batching
    let logger: Logger
    let models = Mutex<[String: RepositoryEntry]>([:])
    /// What was logged as ignored the last time; held while files are loaded.
    let lastNotes = Mutex<[String]>([])

    /// Models in memory, each as version 1.
    public init(
        _ predictors: [String: Predictor], batching: Batching = Batching(),
        metrics: PrometheusMetrics = PrometheusMetrics(),
        logger: Logger = Logger(label: "strata.server")
    ) {
        source = .memory(predictors)
        policy = .all
        self.batching = batching
        self.metrics = metrics
        self.logger = logger
        // Nothing is read that could fail.
        try? open()
    }

    /// Models in files, each as version 1; the name is that of the file, without the extension.
    ///
    /// - Throws: a ``RepositoryError`` if two have one name; a `FileError` if one cannot be read.
    public init(
        files: [String], batching: Batching = Batching(),
        metrics: PrometheusMetrics = PrometheusMetrics(),
        logger: Logger = Logger(label: "strata.server")
    ) throws {
        var paths: [String: String] = [:]
        for path in files {
            let name = Self.name(ofFile: path)
            if let other = paths.updateValue(path, forKey: name) {
                throw RepositoryError(
                    "\(other) and \(path) would both be the model \(name); rename one, or give a "
                        + "folder of models, as in models/\(name)/1/model.keras")
            }
        }
        source = .files(paths)
        policy = .all
        self.batching = batching
        self.metrics = metrics
        self.logger = logger
        try open()
    }

    /// Models in a folder.
    ///
    /// Models that cannot be loaded are logged, and are in the ``index(onlyReady:)``.
    ///
    /// - Throws: a ``RepositoryError`` if the folder cannot be read.
    public init(
        folder: String, versions: VersionPolicy = .latest(1), batching: Batching = Batching(),
        metrics: PrometheusMetrics = PrometheusMetrics(),
        logger: Logger = Logger(label: "strata.server")
    ) throws {
        source = .folder(folder)
        policy = versions
        self.batching = batching
        self.metrics = metrics
        self.logger = logger
        try open()
    }

    /// A name for URLs: that of the file, without the extension.
    private static func name(ofFile path: String) -> String {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return String(name.map { $0.isSafeInURLs ? $0 : "-" })
    }

    /// The names of the models, sorted.
    public var names: [String] { models.withLock { $0.keys.sorted() } }

    /// The loaded versions of a model, the oldest first.
    ///
    /// - Throws: a ``ServingError`` if there is no such model.
    public func versions(of name: String) throws(ServingError) -> [ServedModel] {
        try entry(name).served
    }

    /// A version of a model.
    ///
    /// - Parameter version: the latest if left out.
    /// - Throws: a ``ServingError`` if it is not there or not ready.
    public func model(_ name: String, version: String? = nil) throws(ServingError) -> ServedModel {
        let entry = try entry(name)
        if let version {
            if let found = entry.served(version) { return found }
        } else if let last = entry.served.last {
            return last
        }
        let title = version.map { "version \($0) of model \(name)" } ?? "model \(name)"
        let states = entry.index(name).filter { version == nil || $0.version == version }
        if version != nil, states.isEmpty {
            throw ServingError(
                .notFound,
                "there is no \(title); it has \(entry.served.map(\.version).joined(separator: ", "))"
            )
        }
        var told: Set<String> = []
        let reasons = states.map(\.reason).filter { !$0.isEmpty && told.insert($0).inserted }
            .joined(separator: "; ")
        throw ServingError(
            .unavailable, "\(title) is not ready" + (reasons.isEmpty ? "" : ": \(reasons)"))
    }

    private func entry(_ name: String) throws(ServingError) -> RepositoryEntry {
        guard let entry = models.withLock({ $0[name] }) else {
            throw ServingError(
                .notFound,
                names.isEmpty
                    ? "there is no model \(name); the repository is empty"
                    : "there is no model \(name); the models are \(names.joined(separator: ", "))")
        }
        return entry
    }
}
#endif
