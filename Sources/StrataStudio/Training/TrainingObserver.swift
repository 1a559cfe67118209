#if Server
import Strata

/// Writes what happens in a training to its log.
final class TrainingObserver: Callback {
    /// Between two points of a curve.
    private static let pause = Duration.milliseconds(100)
    /// Between two pictures of the filters.
    private static let filterPause = Duration.seconds(1)
    private static let filterLimit = 64

    private let log: EventLog
    private let facts: [String: JSONValue]
    private let start = ContinuousClock.now
    private var lastPoint: ContinuousClock.Instant?
    private var lastFilters: ContinuousClock.Instant?
    private var epoch = 0
    /// Whether a loss was NaN or infinite, so that the weights are of no use.
    private(set) var hasDiverged = false

    /// - Parameter facts: of the training, for its first event.
    init(_ log: EventLog, facts: [String: JSONValue]) {
        self.log = log
        self.facts = facts
    }

    override func onTrainBegin() throws {
        log.append(
            "start",
            .object(
                facts.merging([
                    "epochs": .integer(parameters.epochs), "steps": .integer(parameters.steps),
                    "parameters": JSONValue(model?.countParams()),
                ]) { $1 }))
        try appendFilters(step: 0)
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
