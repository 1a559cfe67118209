#if Server
import HTTPTypes
import Foundation
import Strata
import StrataServer
import StrataVisualization
import Synchronization

/// The models that the page can look inside: those of the server, that of the last training, and
/// those of runs.
final class ModelStore: Sendable {
    /// Where a model is from.
    enum Origin: String, Sendable {
        case server
        case training
        case run
    }

    /// A model with the worker for it.
    struct Entry: Sendable {
        let name: String
        let origin: Origin
        let version: String
        let worker: ModelWorker
    }

    /// The name of the model of the last training.
    static let trainingName = "training"
    private static let runPrefix = "run:"
    /// Models in memory beside the server's own.
    private static let limit = 6

    /// A worker, and the object for which it was made: a reloaded model is another one.
    private struct Known {
        let key: String
        let source: ObjectIdentifier?
        let kept: (any AnyObject & Sendable)?
        let worker: ModelWorker
    }

    private let repository: ModelRepository
    private let runs: RunStore
    private let known = Mutex<[Known]>([])
    private let trained = Mutex<ModelWorker?>(nil)

    init(_ repository: ModelRepository, runs: RunStore) {
        self.repository = repository
        self.runs = runs
    }

    /// Replaces the model of the last training.
    func setTrained(_ worker: ModelWorker?) { trained.withLock { $0 = worker } }

    /// The latest versions of the server's models, and the trained one.
    func all() -> [Entry] {
        let served = repository.names.compactMap { try? entry($0, version: nil) }
        guard let worker = trained.withLock(\.self) else { return served }
        return served + [
            Entry(name: Self.trainingName, origin: .training, version: "1", worker: worker)
        ]
    }

    /// - Throws: a ``StudioError`` or a ``ServingError`` if there is no such model.
    func entry(_ name: String, version: String?) throws -> Entry {
        if name.hasPrefix(Self.runPrefix) {
            let folder = try runs.folder(String(name.dropFirst(Self.runPrefix.count)))
            let path = folder.file("model.keras")
            guard FileContents.size(of: path) != nil else {
                throw StudioError(.notFound, "the run \(folder.name) has no model")
            }
            let worker = worker(name, for: nil) { try Model.load(path, compile: false) }
            return Entry(name: name, origin: .run, version: "1", worker: worker)
        }
        if name == Self.trainingName, let worker = trained.withLock(\.self) {
            return Entry(name: name, origin: .training, version: "1", worker: worker)
        }
        let served = try repository.model(name, version: version)
        let key = "\(name)/\(served.version)"
        let worker = worker(key, for: served) { try served.predictor.model() }
        return Entry(name: name, origin: .server, version: served.version, worker: worker)
    }

    private func worker(
        _ key: String, for source: ServedModel?, load: @escaping @Sendable () throws -> Model
    ) -> ModelWorker {
        known.withLock { known in
            let source = source.map { $0 as any AnyObject & Sendable }
            let identity = source.map { ObjectIdentifier($0) }
            if let index = known.firstIndex(where: { $0.key == key }) {
                let found = known.remove(at: index)
                if found.source == identity {
                    known.append(found)
                    return found.worker
                }
            }
            let made = ModelWorker(load: load)
            if known.count >= Self.limit { known.removeFirst() }
            known.append(Known(key: key, source: identity, kept: source, worker: made))
            return made
        }
    }
}
#endif
