#if Server
public import Strata
import Synchronization

/// The models that a server has.
public final class ModelRepository: Sendable {
    private let models: Mutex<[String: [String: ServedModel]]>

    /// Models in memory, each as version 1.
    public init(_ predictors: [String: Predictor]) {
        models = Mutex(
            Dictionary(
                uniqueKeysWithValues: predictors.map {
                    ($0, ["1": ServedModel(name: $0, version: "1", predictor: $1)])
                }))
    }

    /// The names of the models, sorted.
    public var names: [String] { models.withLock { $0.keys.sorted() } }

    /// The loaded versions of a model, the oldest first.
    ///
    /// - Throws: a ``ServingError`` if there is no such model.
    public func versions(of name: String) throws(ServingError) -> [ServedModel] {
        guard let versions = models.withLock({ $0[name] }) else {
            throw ServingError(
                .notFound,
                "there is no model \(name); the models are \(names.joined(separator: ", "))")
        }
        return versions.values.sorted { (Int($0.version) ?? 0) < (Int($1.version) ?? 0) }
    }

    /// A version of a model.
    ///
    /// - Parameter version: the latest if left out.
    /// - Throws: a ``ServingError`` if it is not there or not ready.
    public func model(_ name: String, version: String? = nil) throws(ServingError) -> ServedModel {
        let versions = try versions(of: name)
        guard let version else {
            guard let last = versions.last else {
                throw ServingError(.unavailable, "model \(name) is not loaded")
            }
            return last
        }
        guard let found = versions.first(where: { $0.version == version }) else {
            throw ServingError(
                .notFound,
                "model \(name) has no version \(version); it has "
                    + versions.map(\.version).joined(separator: ", "))
        }
        return found
    }
}
#endif
