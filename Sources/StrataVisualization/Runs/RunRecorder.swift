internal import Foundation
public import Strata

/// Records a training run: settings before it, metrics and curves after every epoch.
///
/// The network's name, the optimizer, its learning rate and the loss are recorded automatically.
///
/// ```swift
/// let recorder = RunRecorder(try .create(name: "first"), settings: ["seed": 1])
/// try model.fit(train, epochs: 5, callbacks: [recorder], validationData: test)
/// try recorder.finish(model, on: test)
/// ```
///
/// The folder always has all finished epochs, even if the process ends. Training that continues at
/// a later epoch, by ``BackupAndRestore`` or `initialEpoch`, continues the records of its folder:
/// those of the epochs before stay, later ones are dropped, and the curves and the result are those
/// of all parts.
public final class RunRecorder: Callback, EpochCallback {
    public let folder: RunFolder
    private let settings: [String: JSONValue]
    private let drawings: Bool
    private var table: CSVLogger?
    private var history = History()
    private var earlierSeconds = 0.0
    private var start = Date()
    private var epochStart = Date()

    /// - Parameters:
    ///   - folder: the run's folder; ``RunFolder/create(at:)`` makes one of a chosen path.
    ///   - settings: further settings to repeat the run, such as the seed; they override automatic
    ///     ones of the same name.
    ///   - drawings: whether the curves and the model's diagram are drawn, the curves after every
    ///     epoch. Without them recording costs less, and the metrics are there to draw from later.
    public init(
        _ folder: RunFolder, settings: [String: JSONValue] = [:], drawings: Bool = true
    ) {
        self.folder = folder
        self.settings = settings
        self.drawings = drawings
    }

    public override func onTrainBegin() {
        start = Date()
        table = nil
    }

    /// Records the settings, and keeps the records of the epochs before the first one.
    ///
    /// Which one that is, is known once all callbacks saw the start of training.
    private func begin(at epoch: Int) throws {
        let earlier = try EarlierEpochs(in: folder, count: epoch)
        history = earlier.history(of: model)
        earlierSeconds = earlier.seconds
        try folder.write(.object(allSettings(started: earlier.started)), to: "settings.json")
        try earlier.keep()
        if drawings, let model, model.wiring != nil {
            try model.diagram().write(to: folder.file("model.svg"))
        }
        let table = CSVLogger(folder.file("metrics.csv"), append: true, firstEpoch: 1)
        try table.onTrainBegin()
        self.table = table
    }

    private func allSettings(started: JSONValue?) -> [String: JSONValue] {
        var all: [String: JSONValue] = [
            "started": started ?? .string(Self.text(start)),
            "epochs": .integer(parameters.epochs),
            "steps": .integer(parameters.steps), "threads": .integer(threadCount()),
            "host": .string(ProcessInfo.processInfo.hostName),
            "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
            "strata": .string(strataVersion), "keras": .string(kerasVersion),
            "swift": .string(Self.compiler),
        ]
        if let model {
            all["weights"] = .integer(model.countParams())
            all["model_name"] = .string(model.name)
            all["network"] = .string(Self.network(model.name))
            all.merge(model.trainingSettings) { $1 }
            all[RunRecord.directionsKey] = .object(
                model.quantityDirections.mapValues { .string($0.rawValue) })
        }
        all.merge(settings) { $1 }
        return all
    }

    public override func onEpochBegin(_ epoch: Int) throws {
        if table == nil { try begin(at: epoch) }
        epochStart = Date()
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        try table?.onEpochEnd(epoch, logs: logs)
        var line: [String: JSONValue] = [
            "epoch": .integer(epoch + 1),
            "seconds": .number(Self.rounded(Date().timeIntervalSince(epochStart))),
        ]
        line.merge(Self.members(logs)) { $1 }
        try FileContents.append(
            Array((JSONValue.object(line).text + "\n").utf8), to: folder.file("metrics.jsonl"))
        // The result counts what is recorded.
        history.append(epoch, logs, of: model)
        if drawings { try history.drawing().write(to: folder.file("history.svg")) }
    }

    public override func onTrainEnd(logs: Logs) throws {
        // Training that was complete already, or failed before its first epoch, has no epoch's
        // begin.
        if table == nil { try begin(at: .max) }
        try table?.onTrainEnd(logs: logs)
        var result: [String: JSONValue] = [
            "finished": .string(Self.text(Date())),
            "seconds": .number(Self.rounded(earlierSeconds + Date().timeIntervalSince(start))),
            "epochs": .integer(history.epoch.count),
        ]
        result.merge(Self.members(logs.isEmpty ? history.logs.last ?? [:] : logs)) { $1 }
        try folder.write(.object(result), to: "result.json")
        if drawings, !history.epoch.isEmpty { try folder.write(history.drawing(), to: "history") }
    }

    /// Adds the model, and its predictions for labelled images.
    ///
    /// - Parameters:
    ///   - model: the model to save.
    ///   - images: images that it was not trained on, if there are any.
    /// - Returns: the predictions for these; `nil` without images.
    /// - Throws: a ``ModelError`` if the images do not fit, or a ``FileError``.
    @discardableResult
    public func finish(_ model: Model, on images: LabelledImages?) throws -> ClassPredictions? {
        try model.save(to: folder.file("model.keras"))
        guard let images, images.count > 0 else { return nil }
        let predictions = try model.classPredictions(for: images)
        let matrix = predictions.confusionMatrix
        try folder.write(matrix.drawing(), to: "confusion")
        try folder.write(matrix.precisionRecallDrawing(), to: "classes")
        try folder.write(try predictions.mistakeSheet(), to: "mistakes")
        let classes = matrix.classNames.indices.map { index -> JSONValue in
            [
                "name": .string(matrix.classNames[index]),
                "precision": .number(matrix.precision(of: index)),
                "recall": .number(matrix.recall(of: index)),
                "samples": .integer(matrix.support(of: index)),
                "taken_for": .array(matrix.counts[index].map { .integer($0) }),
            ]
        }
        try folder.write(
            ["accuracy": .number(matrix.accuracy), "classes": .array(classes)], to: "classes.json")
        return predictions
    }

    /// The name without the number of automatic names.
    private static func network(_ name: String) -> String {
        let parts = name.split(separator: "_")
        let isNumbered =
            parts.count == 2 && ["sequential", "functional"].contains(parts[0])
            && parts[1].allSatisfy(\.isNumber)
        return isNumbered ? String(parts[0]) : name
    }

    /// Each quantity as a number, or as an array of its values.
    private static func members(_ logs: Logs) -> [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: logs.keys.map { name in
                let values = logs.values(name).map { JSONValue.float($0) }
                return (name, values.count == 1 ? values[0] : .array(values))
            })
    }

    private static func text(_ date: Date) -> String {
        let formatter = ISO8601DateFormatter()
        return formatter.string(from: date)
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    private static var compiler: String {
        #if swift(>=6.3)
        "6.3 or later"
        #else
        "6.2"
        #endif
    }
}
