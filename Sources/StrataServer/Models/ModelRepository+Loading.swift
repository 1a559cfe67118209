#if Server
import Dispatch
import Foundation
import Logging
import Strata
import Synchronization

// MARK: Loading and unloading

extension ModelRepository {
    /// Loads all models for the first time.
    func open() throws {
        try lastNotes.withLock { notes in
            let scan = try source.scan()
            log(scan.notes, &notes)
            for (name, versions) in scan.models.sorted(by: { $0.key < $1.key }) {
                update(name, versions, isPatient: false)
                let isMissed = models.withLock { models in
                    models[name]?.isRequired = true
                    return models[name].map { $0.served.isEmpty && $0.failures.isEmpty } ?? false
                }
                guard isMissed else { continue }
                let found = versions.keys.sorted { RepositoryEntry.isOlder($0, $1) }
                logger.warning(
                    found.isEmpty
                        ? "\(name) has no versions; put the file into \(name)/1"
                        : "no version of model \(name) is served: \(found.joined(separator: ", ")) are not among those that are to be"
                )
            }
            if scan.models.isEmpty {
                logger.warning(
                    "there is no model in the repository; put a file into it, as models/NAME/1/model.keras"
                )
            }
        }
        guard case .files(let paths) = source else { return }
        for entry in index() where entry.state != .ready {
            // The command line's own files: nothing is served without them.
            _ = try Predictor(contentsOf: paths[entry.name] ?? "")
            throw RepositoryError("model \(entry.name) cannot be loaded: \(entry.reason)")
        }
    }

    /// Loads what is new in the repository, and unloads what is gone.
    ///
    /// A file that is being written while it is read is tried again the next time; a version without
    /// a file is waited for.
    public func refresh() async {
        await onThread { self.refreshNow() }
    }

    private func refreshNow() {
        lastNotes.withLock { notes in
            let scan: RepositoryScan
            do throws(RepositoryError) {
                scan = try source.scan()
            } catch {
                // A file system that is away for a while must not empty the server.
                log([error.description], &notes)
                return
            }
            log(scan.notes, &notes)
            for name in Set(names).union(scan.models.keys).sorted() {
                update(name, scan.models[name], isPatient: true)
            }
        }
    }

    /// Loads a model, or the newest files of a loaded one.
    ///
    /// Requests go on being answered meanwhile.
    ///
    /// - Throws: a ``ServingError`` if there is no such model, or a version of it cannot be loaded;
    ///   what was loaded before stays.
    public func load(_ name: String) async throws(ServingError) {
        let error: ServingError? = await onThread {
            self.lastNotes.withLock { _ in
                guard let found = try? self.source.scan().models[name] else {
                    return ServingError(
                        .notFound,
                        "there is no model \(name) in the repository; the models are "
                            + self.names.joined(separator: ", "))
                }
                self.models.withLock { models in
                    models[name]?.isUnloaded = false
                    models[name]?.failures = [:]
                }
                self.update(name, found, isPatient: false)
                let failures = self.models.withLock { $0[name]?.failures ?? [:] }
                guard !failures.isEmpty else { return nil }
                let reasons = failures.sorted { $0.key < $1.key }
                    .map { "version \($0.key) of model \(name): \($0.value.reason)" }
                return ServingError(.invalidArgument, reasons.joined(separator: "; "))
            }
        }
        if let error { throw error }
    }

    /// Unloads all versions of a model, until it is loaded again.
    ///
    /// Requests that have found it are answered.
    ///
    /// - Throws: a ``ServingError`` if there is no such model.
    public func unload(_ name: String) async throws(ServingError) {
        _ = try versions(of: name)
        await onThread {
            self.lastNotes.withLock { _ in
                self.replace(name, with: []) { $0.isUnloaded = true }
            }
        }
    }

    /// Runs on a thread that may block: loading takes long, and the tasks' threads are for requests.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    private func log(_ notes: [String], _ last: inout [String]) {
        for note in notes where !last.contains(note) { logger.warning("\(note)") }
        last = notes
    }
}

// MARK: One model

extension ModelRepository {
    /// Brings a model in line with what the repository has of it.
    ///
    /// - Parameter isPatient: whether a version may fail once, since it may still be written.
    private func update(
        _ name: String, _ found: [String: RepositoryScan.Finding]?, isPatient: Bool
    ) {
        guard let found else {
            replace(name, with: [])
            models.withLock { $0[name] = nil }
            return
        }
        models.withLock { models in
            var entry = models[name] ?? RepositoryEntry()
            entry.found = Set(found.keys)
            entry.failures = entry.failures.filter { found[$0.key] != nil }
            models[name] = entry
        }
        guard models.withLock({ $0[name]?.isUnloaded == false }) else { return }
        var wanted: [ServedModel] = []
        for version in found.keys.sorted(by: { RepositoryEntry.isOlder($1, $0) }) {
            switch policy {
            case .latest(let count): if wanted.count >= count { continue }
            case .all: break
            case .specific(let versions): if !versions.contains(version) { continue }
            }
            guard let finding = found[version] else { continue }
            if let model = current(name, version, finding, isPatient: isPatient) {
                wanted.append(model)
            }
        }
        replace(name, with: wanted.reversed())
    }

    /// The version's newest file that can be loaded.
    private func current(
        _ name: String, _ version: String, _ finding: RepositoryScan.Finding, isPatient: Bool
    ) -> ServedModel? {
        let entry = models.withLock { $0[name] ?? RepositoryEntry() }
        let old = entry.served(version)
        let failure = entry.failures[version]
        switch finding {
        case .nothing:
            // A new version may wait for its file as long as it takes; a file that was there is missed.
            let reason = "its folder has no .keras file"
            let isReported = !isPatient || old != nil && failure?.reason == reason
            fail(name, version, .init(stamp: nil, reason: reason, isReported: isReported))
            return old
        case .problem(let reason):
            let isReported = !isPatient || failure?.reason == reason
            fail(name, version, .init(stamp: nil, reason: reason, isReported: isReported))
            return old
        case .predictor(let predictor):
            return old ?? serve(predictor, name, version)
        case .file(let stamp):
            if old != nil, entry.stamps[version] == stamp {
                models.withLock { $0[name]?.failures[version] = nil }
                return old
            }
            if let failure, failure.isReported, failure.isLasting, failure.stamp == stamp {
                return old
            }
            return load(stamp, name, version, over: old) { error in
                let file = URL(fileURLWithPath: stamp.path).lastPathComponent
                return .init(
                    stamp: stamp, reason: ServingError.reason(error, file: file),
                    isReported: !isPatient || failure?.stamp == stamp,
                    isLasting: (error as? FileError)?.cause != .unreadable)
            }
        }
    }

    /// The version of a file, or the old one if it cannot be loaded.
    private func load(
        _ stamp: FileStamp, _ name: String, _ version: String, over old: ServedModel?,
        failure: (any Error) -> RepositoryEntry.Failure
    ) -> ServedModel? {
        models.withLock { _ = $0[name]?.loading.insert(version) }
        defer { models.withLock { _ = $0[name]?.loading.remove(version) } }
        do {
            let predictor = try Predictor(
                contentsOf: stamp.path, concurrency: batching.concurrency)
            // A start is to be quick; a swap is not to be felt.
            try predictor.warmUp(batchSizes: old == nil ? [1] : batchSizes)
            let model = serve(predictor, name, version)
            guard FileStamp(stamp.path) == stamp else { return old }
            models.withLock { models in
                models[name]?.stamps[version] = stamp
                models[name]?.failures[version] = nil
            }
            return model
        } catch {
            fail(name, version, failure(error))
            return old
        }
    }

    private func serve(_ predictor: Predictor, _ name: String, _ version: String) -> ServedModel {
        ServedModel(
            name: name, version: version, predictor: predictor, batching: batching,
            metrics: metrics)
    }

    /// The sizes of batches, by powers of two.
    private var batchSizes: [Int] {
        Array(sequence(first: 1) { [batching] in $0 < batching.maxBatchSize ? $0 * 2 : nil })
    }

    /// Notes why a version cannot be loaded, and says so once.
    private func fail(_ name: String, _ version: String, _ failure: RepositoryEntry.Failure) {
        let (before, isServed) = models.withLock { models in
            let before = models[name]?.failures.updateValue(failure, forKey: version)
            return (before, models[name]?.served(version) != nil)
        }
        guard failure.isReported, before?.isReported != true || before?.reason != failure.reason
        else { return }
        let ending = isServed ? "; the one that was loaded before goes on being served" : ""
        logger.error(
            "version \(version) of model \(name) cannot be loaded: \(failure.reason)\(ending)",
            metadata: ["model": "\(name)", "version": "\(version)"])
    }

    /// Swaps the versions that are served, and gives back what those before took.
    private func replace(
        _ name: String, with served: [ServedModel],
        _ change: (inout RepositoryEntry) -> Void = { _ in }
    ) {
        if swap(name, with: served, change) { trimHeap() }
    }

    /// Swaps the versions that are served, in one step; whether there are others now.
    private func swap(
        _ name: String, with served: [ServedModel], _ change: (inout RepositoryEntry) -> Void
    ) -> Bool {
        let before = models.withLock { models in
            guard var entry = models[name] else { return [ServedModel]() }
            let before = entry.served
            entry.served = served
            let versions = Set(served.map(\.version))
            entry.stamps = entry.stamps.filter { versions.contains($0.key) }
            change(&entry)
            models[name] = entry
            return before
        }
        for model in served where !before.contains(where: { $0 === model }) {
            let isNewer = before.contains { $0.version == model.version }
            logger.info(
                "version \(model.version) of model \(name) is \(isNewer ? "reloaded" : "loaded")",
                metadata: ["model": "\(name)", "version": "\(model.version)"])
        }
        for model in before where !served.contains(where: { $0.version == model.version }) {
            // Its series must not stay in the metrics for ever.
            model.metrics.destroy()
            logger.info(
                "version \(model.version) of model \(name) is unloaded",
                metadata: ["model": "\(name)", "version": "\(model.version)"])
        }
        return !before.elementsEqual(served, by: ===)
    }
}
#endif
