#if Server
import Strata

/// Writes what happens in a training to its log.
final class TrainingObserver: Callback {
    /// Between two points of a curve.
    private static let pause = Duration.milliseconds(100)
    /// Between two pictures of the filters.
    private static let filterPause = Duration.seconds(1)
    private static let filterLimit = 64

    /// The names of files in an event.
    private static let unusedLimit = 200

    private let log: EventLog
    private let facts: [String: JSONValue]
    private let unused: () -> [String]
    private var unusedCount = 0
    private let start = ContinuousClock.now
    private var lastPoint: ContinuousClock.Instant?
    private var lastFilters: ContinuousClock.Instant?
    private var epoch = 0
    /// Whether training has begun, so that there is a network to keep.
    private(set) var hasBegun = false
    /// Whether a loss was NaN or infinite, so that the weights are of no use.
    private(set) var hasDiverged = false

    /// - Parameters:
    ///   - facts: of the training, for its first event.
    ///   - unused: the files that are not used, as far as they are known, with the reasons.
    init(
        _ log: EventLog, facts: [String: JSONValue], unused: @escaping () -> [String]
    ) {
        self.log = log
        self.facts = facts
        self.unused = unused
    }

    override func onTrainBegin() throws {
        hasBegun = true
        log.append(
            "start",
            .object(
                facts.merging([
                    "epochs": .integer(parameters.epochs), "steps": .integer(parameters.steps),
                    "parameters": JSONValue(model?.countParams()),
                ]) { $1 }))
        appendUnused()
        try appendFilters(step: 0)
    }

    /// Tells of the files that are not used, if there are more than before.
    func appendUnused() {
        let unused = unused()
        guard unused.count > unusedCount else { return }
        unusedCount = unused.count
        log.append(
            "unused",
            [
                "count": .integer(unused.count),
                "files": JSONValue(Array(unused.prefix(Self.unusedLimit))),
            ], replaces: true)
    }

    override func onEpochBegin(_ epoch: Int) { self.epoch = epoch }

    override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        if let loss = logs["loss"], !loss.isFinite { hasDiverged = true }
        let now = ContinuousClock.now
        let isFirst = epoch == 0 && batch == 0
        if isFirst || lastPoint.map({ now - $0 >= Self.pause }) != false {
            lastPoint = now
            let steps = max(parameters.steps, 1)
            log.append(
                "batch",
                [
                    "epoch": .integer(epoch + 1), "step": .integer(batch + 1),
                    "steps": .integer(steps),
                    "position": .number(Double(epoch) + Double(batch + 1) / Double(steps)),
                    "logs": Self.json(logs), "seconds": seconds,
                ])
        }
        if isFirst || lastFilters.map({ now - $0 >= Self.filterPause }) != false {
            try appendFilters(step: batch + 1)
        }
    }

    override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        log.append(
            "epoch",
            [
                "epoch": .integer(epoch + 1), "epochs": .integer(parameters.epochs),
                "logs": Self.json(logs), "seconds": seconds,
            ])
        appendUnused()
        try appendFilters(step: parameters.steps)
    }

    private var seconds: JSONValue {
        .number((((ContinuousClock.now - start) / .seconds(1)) * 1000).rounded() / 1000)
    }

    private static func json(_ logs: Logs) -> JSONValue {
        .object(Dictionary(logs.map { ($0.key, JSONValue($0.value)) }, uniquingKeysWith: { $1 }))
    }

    /// The filters of the first convolution.
    private func appendFilters(step: Int) throws {
        lastFilters = .now
        for layer in model?.layers ?? [] {
            guard let filters = LayerFilters(layer) else { continue }
            let count = min(filters.count, Self.filterLimit)
            log.append(
                "filters",
                [
                    "epoch": .integer(epoch + 1), "step": .integer(step),
                    "layer": .string(layer.name),
                    "values": JSONValue(try filters.values(0..<count)),
                ], replaces: true)
            return
        }
    }
}
#endif
