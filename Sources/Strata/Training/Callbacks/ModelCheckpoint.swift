import Foundation

/// Saves the model while it is trained: after every epoch, or when a quantity got better.
///
/// Every save replaces the file whole or not at all. Keras 3.15.1 `ModelCheckpoint`.
///
/// ```swift
/// ModelCheckpoint("best.keras", monitor: "val_accuracy", saveBestOnly: true)
/// ModelCheckpoint("epoch-{epoch:02d}-{val_loss:.2f}.keras")
/// ```
public final class ModelCheckpoint: Callback {
    /// When the model is saved.
    public enum SaveFrequency: Sendable, Hashable {
        /// After every epoch.
        case epoch
        /// After so many batches, counted over all epochs.
        case batches(Int)
    }

    /// The file; `{epoch}`, and quantities such as `{val_loss:.2f}`, stand for numbers.
    public let path: String
    public let monitor: MonitoredQuantity
    /// Whether only a better model replaces the file.
    public let saveBestOnly: Bool
    public let saveFrequency: SaveFrequency
    private let isVerbose: Bool
    private var best: Float
    private var batches = 0
    private var epoch = 0

    /// - Parameters:
    ///   - path: the file, ending in `.keras`; may hold `{epoch:02d}` or `{val_loss:.2f}`.
    ///   - monitor: the quantity.
    ///   - isVerbose: whether a save is printed.
    ///   - saveBestOnly: whether only a better model replaces the file.
    ///   - mode: which direction is better.
    ///   - saveFrequency: when the model is saved.
    ///   - initialValueThreshold: what the first model must be better than.
    public init(
        _ path: String, monitor: String = "val_loss", isVerbose: Bool = false,
        saveBestOnly: Bool = false, mode: MonitoredQuantity.Mode = .automatic,
        saveFrequency: SaveFrequency = .epoch, initialValueThreshold: Float? = nil
    ) {
        self.path = path
        self.monitor = MonitoredQuantity(monitor, mode)
        self.isVerbose = isVerbose
        self.saveBestOnly = saveBestOnly
        self.saveFrequency = saveFrequency
        best = initialValueThreshold ?? self.monitor.worst
    }

    public override func onEpochBegin(_ epoch: Int) { self.epoch = epoch }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        guard case .batches(let count) = saveFrequency else { return }
        batches += 1
        if batches >= max(count, 1) {
            batches = 0
            try save(logs)
        }
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        if saveFrequency == .epoch { try save(logs) }
    }

    private func save(_ logs: Logs) throws {
        if saveBestOnly {
            // An epoch that was cut short was not validated; that is no reason to fail.
            if model?.stopRequest.isSet == true, logs[monitor.name] == nil { return }
            let value = try monitor.value(in: logs, for: "ModelCheckpoint")
            guard monitor.isBetter(value, than: best) else { return }
            best = value
        }
        let file = try filled(logs)
        try model?.save(to: file)
        if isVerbose { print("Epoch \(epoch + 1): the model is saved in \(file)") }
    }

    /// The path with numbers in the place of `{epoch}` and of quantities.
    private func filled(_ logs: Logs) throws -> String {
        var result = ""
        var rest = path[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let field = rest[rest.index(after: open)..<close].split(separator: ":", maxSplits: 1)
            let name = field.first.map(String.init) ?? ""
            let format = field.count > 1 ? String(field[1]) : ""
            result += rest[..<open]
            if name == "epoch" {
                result += padded("\(epoch + 1)", format)
            } else {
                let quantity = MonitoredQuantity(name, .automatic)
                let value = try quantity.value(in: logs, for: "ModelCheckpoint")
                result += decimals(format).map { String(format: "%.\($0)f", value) } ?? "\(value)"
            }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// `02d`: at least two digits.
    private func padded(_ number: String, _ format: String) -> String {
        let width = min(Int(format.prefix { $0.isNumber }) ?? 0, 12)
        return String(repeating: "0", count: max(width - number.count, 0)) + number
    }

    /// `.2f`: two decimals.
    private func decimals(_ format: String) -> Int? {
        guard format.hasPrefix("."), format.hasSuffix("f") else { return nil }
        return Int(format.dropFirst().dropLast()).map { min(max($0, 0), 9) }
    }
}
