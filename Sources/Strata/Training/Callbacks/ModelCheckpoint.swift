internal import Foundation

/// Saves the model or its weights during training.
///
/// Every save replaces the file atomically; folders are created. Keras 3.15.1
/// `ModelCheckpoint`.
///
/// ```swift
/// ModelCheckpoint("best.keras", monitor: "val_accuracy", saveBestOnly: true)
/// ModelCheckpoint("runs/{epoch:02d}-{val_loss:.2f}.weights.h5", saveWeightsOnly: true)
/// ```
public final class ModelCheckpoint: Callback, EpochCallback {
    /// When the model is saved.
    public enum SaveFrequency: Sendable, Hashable {
        /// After every epoch.
        case epoch
        /// After a number of batches, 1 or more, counted over all epochs.
        case batches(Int)

        /// - Throws: a ``ModelError`` if the number of batches is below 1.
        func check(for callback: Callback.Type) throws {
            if case .batches(let count) = self {
                try callback.check("saveFrequency", count, least: 1)
            }
        }
    }

    /// The file; `{epoch}`, `{batch}` and quantities such as `{val_loss:.2f}` are replaced by
    /// values.
    public let path: String
    public private(set) var monitor: MonitoredQuantity
    /// Whether only a better model is saved.
    public let saveBestOnly: Bool
    /// Whether only the weights are saved.
    public let saveWeightsOnly: Bool
    public let saveFrequency: SaveFrequency
    private let isVerbose: Bool
    private var best: Float?
    private var batches: BatchCounter?
    private var epoch = 0

    /// - Parameters:
    ///   - path: the file, ending in `.keras`, or in `.weights.h5` if only weights are saved. May
    ///     contain `{epoch:02d}`, `{loss:.3f}` or other quantities, in Python's notation.
    ///   - monitor: the monitored quantity.
    ///   - isVerbose: whether each save is printed with its reason.
    ///   - saveBestOnly: whether only a better model is saved.
    ///   - saveWeightsOnly: whether only the weights are saved.
    ///   - mode: the direction of improvement.
    ///   - saveFrequency: when the model is saved.
    ///   - initialValueThreshold: the value that the first model must improve on.
    public init(
        _ path: String, monitor: String = "val_loss", isVerbose: Bool = false,
        saveBestOnly: Bool = false, saveWeightsOnly: Bool = false,
        mode: MonitoredQuantity.Mode = .automatic, saveFrequency: SaveFrequency = .epoch,
        initialValueThreshold: Double? = nil
    ) {
        self.path = path
        self.monitor = MonitoredQuantity(monitor, mode)
        self.isVerbose = isVerbose
        self.saveBestOnly = saveBestOnly
        self.saveWeightsOnly = saveWeightsOnly
        self.saveFrequency = saveFrequency
        if case .batches(let count) = saveFrequency { batches = BatchCounter(every: count) }
        best = initialValueThreshold.map { Float($0) }
    }

    public override func onTrainBegin() throws {
        try saveFrequency.check(for: Self.self)
        try Self.check("initialValueThreshold", comparable: best)
        let ending = saveWeightsOnly ? ".weights.h5" : ".keras"
        guard path.hasSuffix(ending) else {
            throw ModelError(
                .invalidArgument(
                    "ModelCheckpoint is to write \(path)", fix: "use a name that ends in \(ending)")
            )
        }
    }

    public override func onEpochBegin(_ epoch: Int) { self.epoch = epoch }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        if batches?.count() == true { try save(logs, batch: batch) }
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        if saveFrequency == .epoch { try save(logs, batch: nil) }
    }

    public override func savedState() -> CallbackState? {
        var values: [String: JSONValue] = [:]
        values["best"] = best.map { .exactly($0) }
        values["batches"] = batches.map { .integer($0.seen) }
        return CallbackState(values)
    }

    public override func restore(_ state: CallbackState) {
        best = state.values["best"]?.exactFloat
        batches?.seen = state.values["batches"]?.integer ?? 0
    }

    private func save(_ logs: Logs, batch: Int?) throws {
        let file = try filled(logs, batch: batch)
        if saveBestOnly {
            guard let value = try monitor.value(in: logs, of: model, for: "ModelCheckpoint")
            else { return }
            let before = best.map { "\($0)" } ?? "nothing"
            guard monitor.isBetter(value, than: best) else {
                say("\(monitor.name) is \(value), no better than \(before)")
                return
            }
            best = value
            say("\(monitor.name) is \(value) after \(before)")
        }
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        try FileContents.createFolder(
            folder.joined(separator: "/"), fix: "name another folder for the checkpoints")
        if saveWeightsOnly { try model?.saveWeights(to: file) } else { try model?.save(to: file) }
        say("saved \(file)")
    }

    private func say(_ what: String) {
        if isVerbose { print("Epoch \(epoch + 1): \(what)") }
    }

    /// The path with values for `{epoch}`, `{batch}`, counted from 1, and quantities.
    private func filled(_ logs: Logs, batch: Int?) throws -> String {
        var result = ""
        var rest = path[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let field = rest[rest.index(after: open)..<close]
            let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let format = PythonFormat(parts.count > 1 ? String(parts[1]) : "")
            let text: String?
            switch (String(parts.first ?? ""), batch) {
            case ("epoch", _): text = format?.text(epoch + 1)
            case ("batch", let batch?): text = format?.text(batch + 1)
            case (let name, _):
                guard let value = logs[name] else { throw unknown(name, logs, batch) }
                let count = logs.values(name).count
                guard count == 1 else {
                    throw ModelError(
                        .invalidArgument(
                            "ModelCheckpoint is to write {\(name)}, which has \(count) values",
                            fix: "give the metric an average, such as F1Score(average: .macro)"))
                }
                text = format?.text(value)
            }
            guard let text else {
                throw ModelError(
                    .invalidArgument(
                        "ModelCheckpoint cannot write a number as {\(field)}",
                        fix: "use a form such as {epoch:02d} or {val_loss:.2f}"))
            }
            result += rest[..<open] + text
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private func unknown(_ name: String, _ logs: Logs, _ batch: Int?) -> ModelError {
        let known = (["epoch"] + (batch == nil ? [] : ["batch"]) + logs.keys)
            .joined(separator: ", ")
        return ModelError(
            .invalidArgument(
                "ModelCheckpoint is to write {\(name)}, but there are only: \(known)",
                fix: "use one of those in the path"))
    }
}

/// A counter of batches with a period.
struct BatchCounter {
    private let interval: Int
    /// The batches since the end of the last period.
    var seen = 0

    init(every interval: Int) {
        self.interval = max(interval, 1)
    }

    /// Counts a batch; returns whether the period is over.
    mutating func count() -> Bool {
        seen += 1
        if seen < interval { return false }
        seen = 0
        return true
    }
}
