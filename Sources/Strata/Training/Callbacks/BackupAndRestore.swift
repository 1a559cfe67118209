internal import Foundation

/// Resumes interrupted training: saves weights, optimizer, epoch and step in a folder.
///
/// Run the same program again after a crash, and `fit` begins with the epoch that was not
/// completed. Layers such as ``Dropout`` go on with the values that they would have had; shuffling
/// does if ``setRandomSeed(_:)`` is called at each epoch's begin with a seed for that epoch. When
/// training is complete, the folder is removed; it is kept if an error or ``Model/stopRequest``
/// ended training. Keras 3.15.1 `BackupAndRestore`, whose folders it can read.
///
/// ```swift
/// try model.fit(x, y, epochs: 90, callbacks: [BackupAndRestore("backup")])
/// ```
public final class BackupAndRestore: Callback {
    public let folder: String
    public let saveFrequency: ModelCheckpoint.SaveFrequency
    private let doubleCheckpoint: Bool
    private let deleteCheckpoint: Bool
    private var batches: BatchCounter?
    private var epoch = 0
    private var batch = 0

    /// - Parameters:
    ///   - folder: a folder for this callback only; it is created and removed.
    ///   - saveFrequency: when the state is saved.
    ///   - doubleCheckpoint: whether the previous state is kept too, as a fallback for an
    ///     unreadable one.
    ///   - deleteCheckpoint: whether the folder is removed once training is complete.
    public init(
        _ folder: String, saveFrequency: ModelCheckpoint.SaveFrequency = .epoch,
        doubleCheckpoint: Bool = false, deleteCheckpoint: Bool = true
    ) {
        self.folder = folder
        self.saveFrequency = saveFrequency
        self.doubleCheckpoint = doubleCheckpoint
        self.deleteCheckpoint = deleteCheckpoint
        if case .batches(let count) = saveFrequency { batches = BatchCounter(every: count) }
    }

    private var weights: String { "\(folder)/latest.weights.h5" }
    private var progress: String { "\(folder)/training_metadata.json" }
    private static let former = ".bkp"

    public override func onTrainBegin() throws {
        guard !folder.isEmpty else {
            throw ModelError(
                .invalidArgument("BackupAndRestore has no folder", fix: "name one for it alone"))
        }
        try saveFrequency.check(for: Self.self)
        (epoch, batch) = (0, 0)
        do {
            finishSaving()
            try restore(suffix: "")
        } catch {
            guard exists(weights + Self.former) else { throw error }
            try restore(suffix: Self.former)
        }
    }

    /// Where weights are until the progress that belongs to them is written.
    private func pending(epoch: Int, batch: Int) -> String {
        "\(folder)/epoch_\(epoch)_batch_\(batch).weights.h5"
    }

    /// Moves the weights of the written progress to their place, if the process ended before it
    /// did.
    private func finishSaving() {
        guard let bytes = try? FileContents.read(progress),
            let json = try? JSONValue(inFile: bytes), let epoch = json["epoch"]?.integer
        else { return }
        let pending = pending(epoch: epoch, batch: json["batch"]?.integer ?? 0)
        if exists(pending) { rename(pending, weights) }
    }

    private func restore(suffix: String) throws {
        if exists(weights + suffix) { try model?.loadWeights(from: weights + suffix) }
        guard exists(progress + suffix) else { return }
        let found = try locating(path: progress + suffix) { () throws(FileError) in
            let json = try JSONValue(inFile: try FileContents.read(progress + suffix))
            guard let epoch = json["epoch"]?.integer, epoch >= 0 else {
                throw FileError("epoch should be a number from 0")
            }
            return (epoch: epoch, step: json["step"]?.integer.flatMap(Int32.init(exactly:)))
        }
        epoch = found.epoch
        model?.resumedEpoch = epoch
        // Keras's folders have none: its layers count themselves.
        if let step = found.step { try model?.stepCounter.assign(Tensor([step], shape: [])) }
    }

    public override func onEpochBegin(_ epoch: Int) {
        self.epoch = epoch
        batch = 0
    }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        self.batch = batch
        if batches?.count() == true { try save() }
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        // An interrupted epoch is repeated.
        if model?.isEpochInterrupted == true { return }
        self.epoch = epoch + 1
        batch = 0
        if saveFrequency == .epoch { try save() }
    }

    private func save() throws {
        try FileContents.createFolder(folder, fix: "name another folder for the backup")
        if doubleCheckpoint {
            for file in [weights, progress] where exists(file) {
                try FileContents.write(try FileContents.read(file), to: file + Self.former)
            }
        }
        // The progress decides which weights count: after a kill at any moment the two belong
        // together.
        let pending = pending(epoch: epoch, batch: batch)
        try model?.saveWeights(to: pending)
        // Random layers derive their values from the step.
        let step = try model?.stepCounter.value.integers.first ?? 0
        let json: JSONValue = [
            "epoch": .integer(epoch), "batch": .integer(batch), "step": .integer(step),
        ]
        try FileContents.write(Array(json.text.utf8), to: progress)
        guard rename(pending, weights) == 0 else {
            throw FileError(
                "cannot be written: \(String(cString: strerror(errno)).lowercased())",
                path: weights, cause: .unwritable)
        }
    }

    public override func onTrainEnd(logs: Logs) throws {
        guard deleteCheckpoint, model?.stopRequest.isInterruption != true, exists(folder) else {
            return
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
