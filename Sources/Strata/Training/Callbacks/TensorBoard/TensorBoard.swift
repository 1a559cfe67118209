internal import Foundation

/// Logs training for TensorBoard.
///
/// The folder `train` has `epoch_loss` and others for every epoch, `batch_loss` if batches are
/// logged, and `layer/kernel/histogram`; `validation` has `epoch_loss` and
/// `evaluation_loss_vs_iterations`. Tags and steps are Keras's (3.15.1 `TensorBoard`); profiles and
/// embeddings are not written.
///
/// ```swift
/// try model.fit(x, y, epochs: 9, callbacks: [TensorBoard("logs")])
/// ```
public final class TensorBoard: Callback, EpochCallback {
    /// When the quantities of batches are logged.
    public enum UpdateFrequency: Sendable, Hashable {
        /// Never; only those of epochs are logged.
        case epoch
        /// After a number of batches, 1 or more, counted over all epochs.
        case batches(Int)

        /// After every batch.
        public static let batch = UpdateFrequency.batches(1)
    }

    public let folder: String
    private let histogramFrequency: Int
    private let writesGraph: Bool
    private let writesImages: Bool
    private let writesStepsPerSecond: Bool
    private let updateFrequency: UpdateFrequency
    private var files: [String: EventFile] = [:]
    private var batchCount = 0
    private var epochStart = Date()
    private var batchStart = Date()
    private var iterationsBefore = 0

    /// - Parameters:
    ///   - folder: the parent of `train` and `validation`; every run adds files.
    ///   - histogramFrequency: the number of epochs between histograms of the weights; 0 for none.
    ///   - writesGraph: whether the model's layers are logged.
    ///   - writesImages: whether the weights are also logged as images.
    ///   - writesStepsPerSecond: whether `epoch_steps_per_second` and `batch_steps_per_second` are.
    ///   - updateFrequency: when the quantities of batches are logged.
    public init(
        _ folder: String = "logs", histogramFrequency: Int = 0, writesGraph: Bool = true,
        writesImages: Bool = false, writesStepsPerSecond: Bool = false,
        updateFrequency: UpdateFrequency = .epoch
    ) {
        self.folder = folder
        self.histogramFrequency = histogramFrequency
        self.writesGraph = writesGraph
        self.writesImages = writesImages
        self.writesStepsPerSecond = writesStepsPerSecond
        self.updateFrequency = updateFrequency
    }

    private func file(_ name: String) throws -> EventFile {
        if let open = files[name] { return open }
        let file = try EventFile(inFolder: "\(folder)/\(name)")
        files[name] = file
        return file
    }

    private var train: EventFile { get throws { try file("train") } }
    private var validation: EventFile { get throws { try file("validation") } }

    public override func onTrainBegin() throws {
        batchCount = 0
        try Self.check("histogramFrequency", histogramFrequency)
        if case .batches(let count) = updateFrequency {
            try Self.check("updateFrequency", count, least: 1)
        }
        // A model with parts that cannot be saved is trained all the same.
        guard writesGraph, let model, (try? model.checkSerializable()) != nil else { return }
        let object = model.serialized
        let json: JSONValue = [
            "module": .string(object.module), "class_name": .string(object.className),
            "config": .object(object.config), "keras_version": .string(kerasVersion),
            "backend": "strata",
        ]
        try train.addKerasModel(json.text)
        try train.flush()
    }

    public override func onEpochBegin(_ epoch: Int) throws {
        epochStart = Date()
        iterationsBefore = try iterations
    }

    public override func onTrainBatchBegin(_ batch: Int) { batchStart = Date() }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        batchCount += 1
        guard case .batches(let interval) = updateFrequency,
            batchCount.isMultiple(of: interval)
        else { return }
        var logs = logs
        if writesStepsPerSecond {
            logs["steps_per_second"] = Float(1 / max(Date().timeIntervalSince(batchStart), 1e-9))
        }
        try write(logs, to: train, step: batchCount) { "batch_\($0)" }
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        var own = logs.filter { !$0.hasPrefix("val_") }
        own["learning_rate"] = model?.learningRate
        if writesStepsPerSecond {
            let seconds = max(Date().timeIntervalSince(epochStart), 1e-9)
            own["steps_per_second"] = Float(Double(try iterations - iterationsBefore) / seconds)
        }
        try write(own, to: train, step: epoch) { "epoch_\($0)" }
        let others = logs.filter { $0.hasPrefix("val_") }
        if !others.isEmpty {
            try write(others, to: validation, step: epoch) { "epoch_\($0.dropFirst(4))" }
        }
        if histogramFrequency > 0, epoch.isMultiple(of: histogramFrequency) {
            try writeWeights(step: epoch)
        }
    }

    public override func onTestEnd(logs: Logs) throws {
        try write(logs, to: validation, step: try iterations) { "evaluation_\($0)_vs_iterations" }
    }

    public override func onTrainEnd(logs: Logs) throws {
        let open = files.values
        files = [:]
        for file in open { try file.flush() }
    }

    public override func savedState() -> CallbackState? {
        CallbackState(["batch_count": .integer(batchCount)])
    }

    public override func restore(_ state: CallbackState) {
        batchCount = state.values["batch_count"]?.integer ?? 0
    }

    /// The number of the optimizer's training steps.
    private var iterations: Int {
        get throws { try model?.compilation?.optimizerState?.iterations.value.integers.first ?? 0 }
    }

    private func write(
        _ logs: Logs, to file: EventFile, step: Int, tag: (String) -> String
    ) throws {
        for name in logs.keys {
            let values = logs.values(name)
            for (index, value) in values.enumerated() {
                // Keras cannot log several values; here each has its own tag.
                file.addScalar(
                    tag(name) + (values.count == 1 ? "" : "/\(index)"), value, step: step)
            }
        }
        try file.flush()
    }

    private func writeWeights(step: Int) throws {
        guard let model else { return }
        // In Keras, the paths of weights in a Sequential include its name.
        let prefix = model is Sequential ? "\(model.name)/" : ""
        for layer in model.layers {
            for (path, variable) in layer.weightPaths(prefix) {
                try train.addHistogram(
                    "\(path)/histogram", variable.value.cast(to: .float32).scalars, step: step)
                if writesImages, let images = try WeightImages(variable.value) {
                    try train.addImages("\(path)/image", images, step: step)
                }
            }
        }
        try train.flush()
    }
}

extension Layer {
    /// All weights with their paths, including those of inner layers.
    fileprivate func weightPaths(_ prefix: String) -> [(path: String, variable: Variable)] {
        variables.map { ("\(prefix)\(name)/\($0.name)", $0) }
            + sublayers.flatMap { $0.weightPaths("\(prefix)\(name)/") }
    }
}
