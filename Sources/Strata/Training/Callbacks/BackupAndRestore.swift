internal import Foundation
internal import StrataGraph

/// Resumes interrupted training: saves in a folder what training needs to go on exactly.
///
/// Run the same program again after a crash, and `fit` goes on as if it had not been interrupted:
/// the weights at the end are the same bits. With ``ModelCheckpoint/SaveFrequency/epoch`` an epoch
/// that was not completed is trained again; with `.batches` training goes on within the epoch.
/// Weights, optimizer, metrics, the order of samples, random values and the history are saved, and the
/// state of the callbacks, such as the patience of ``EarlyStopping`` (``Callback/savedState()``).
///
/// The program has to make the same model, data and callbacks: call ``setRandomSeed(_:)`` before, since
/// a layer or a data set without a seed of its own takes one when it is made.
///
/// When training is complete, these files are removed, and the folder with them unless it has others;
/// they are kept if an error or ``Model/stopRequest`` ended training. Keras 3.15.1 `BackupAndRestore`, whose folders it can read,
/// with the epoch alone.
///
/// ```swift
/// setRandomSeed(1)
/// let model = try Sequential {
///     Input(shape: [28, 28, 1])
///     Flatten()
///     Dropout(0.2)
///     Dense(10, activation: .softmax)
/// }
/// try model.compile(optimizer: Adam(), loss: SparseCategoricalCrossentropy())
/// try model.fit(x, y, epochs: 90, callbacks: [BackupAndRestore("backup")])
/// ```
public final class BackupAndRestore: Callback, EpochCallback {
    /// What training goes on with.
    struct Resumption {
        let epoch: Int
        /// `nil` in a folder of Keras.
        let state: RunState?
        /// Sets weights, optimizer and the step of the random layers again.
        let restoreWeights: () throws -> Void
    }

    public let folder: String
    public let saveFrequency: ModelCheckpoint.SaveFrequency
    private let doubleCheckpoint: Bool
    private let deleteCheckpoint: Bool
    private var batches: BatchCounter?
    private var batch = 0
    /// The names of the tensors' files, of the latest state and the one before it.
    private var tensorFiles: (latest: String?, former: String?)
    /// What was restored at the start of training.
    private(set) var resumption: Resumption?
    /// Whether the state is to be saved once all callbacks saw the end of the batch.
    private(set) var isDueAfterBatch = false

    /// - Parameters:
    ///   - folder: a folder for this callback only, which is created.
    ///   - saveFrequency: when the state is saved.
    ///   - doubleCheckpoint: whether the previous state is kept too, as a fallback for an
    ///     unreadable one.
    ///   - deleteCheckpoint: whether the state is removed once training is complete.
    public init(
        _ folder: String, saveFrequency: ModelCheckpoint.SaveFrequency = .epoch,
        doubleCheckpoint: Bool = false, deleteCheckpoint: Bool = true
    ) {
        self.folder = folder
        self.saveFrequency = saveFrequency
        self.doubleCheckpoint = doubleCheckpoint
        self.deleteCheckpoint = deleteCheckpoint
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
        if case .batches(let count) = saveFrequency { batches = BatchCounter(every: count) }
        (batch, isDueAfterBatch) = (0, false)
        do {
            try finishSaving()
            try restore(suffix: "")
        } catch {
            guard exists(weights + Self.former) else { throw error }
            try restore(suffix: Self.former)
        }
        try removeLeftovers()
    }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) {
        self.batch = batch
        isDueAfterBatch = batches?.count() == true
    }

    public override func onTrainEnd(logs: Logs) throws {
        resumption = nil
        guard deleteCheckpoint, model?.stopRequest.isInterruption != true, exists(folder) else {
            return
        }
        // Without the progress nothing is restored, if the process ends before all is removed.
        try FileContents.remove(progress)
        for name in ownFiles { try FileContents.remove("\(folder)/\(name)") }
        // Only if it is empty now: other files in it are not the callback's.
        rmdir(folder)
    }

    /// The files in the folder that this callback writes, or Keras's.
    private var ownFiles: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter(Self.isOwn)
    }

    private static func isOwn(_ name: String) -> Bool {
        let state = #/(latest\.weights\.h5|training_metadata\.json)(\.bkp)?/#
        let pending = #/epoch_[0-9]+_batch_[0-9]+\.(weights\.h5|safetensors)/#
        // While a file is written, it has another name around its own.
        let temporary = name.wholeMatch(of: #/\.(.+)\.[0-9a-z]+\.partial/#)
        let name = temporary?.1 ?? name[...]
        return name.wholeMatch(of: state) != nil || name.wholeMatch(of: pending) != nil
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

// MARK: Restoring

extension BackupAndRestore {
    /// Moves the weights of the written progress to their place, if the process ended before it
    /// did.
    private func finishSaving() throws(FileError) {
        guard let bytes = try? FileContents.read(progress),
            let json = try? JSONValue(inFile: bytes), let epoch = json["epoch"]?.integer
        else { return }
        let pending = pending(epoch: epoch, steps: json["run"]?["steps"]?.integer ?? 0)
        if exists(pending) { try FileContents.rename(pending, to: weights) }
    }

    private func restore(suffix: String) throws {
        resumption = nil
        guard exists(progress + suffix) else { return }
        let (weights, model) = (weights + suffix, model)
        let found = try locating(path: progress + suffix) { () throws(FileError) in
            let json = try JSONValue(inFile: try FileContents.read(progress + suffix))
            guard let epoch = json["epoch"]?.integer, epoch >= 0 else {
                throw FileError("epoch should be a number from 0")
            }
            // Keras's folders have neither: its layers count the steps themselves.
            let step = json["step"]?.integer.flatMap(Int32.init(exactly:))
            var run: RunState?
            if let members = json["run"] { run = try state(epoch: epoch, members) }
            return (epoch: epoch, run: run, step: step)
        }
        let restoreWeights = { [weak model] in
            try model?.loadWeights(from: weights)
            if let step = found.step { try model?.stepCounter.assign(Tensor([step], shape: [])) }
        }
        try restoreWeights()
        resumption = Resumption(
            epoch: found.epoch, state: found.run, restoreWeights: restoreWeights)
    }

    private func state(epoch: Int, _ json: JSONValue) throws(FileError) -> RunState {
        var tensors: [String: Tensor] = [:]
        if case .string(let name)? = json["tensors"] {
            // The file is known for what it is, whatever its first bytes look like.
            let bytes = try FileContents.read("\(folder)/\(name)")
            tensors = try locating(in: name) { () throws(FileError) in
                try Safetensors(bytes: bytes).tensors
            }
        }
        return try RunState(epoch: epoch, json, tensors, of: model)
    }

    /// Removes what a process left that ended while it saved.
    private func removeLeftovers() throws(FileError) {
        tensorFiles = (
            try tensorFile(of: progress), try tensorFile(of: progress + Self.former)
        )
        for name in ownFiles where name.hasPrefix("epoch_") || name.hasSuffix(".partial") {
            if name != tensorFiles.latest, name != tensorFiles.former {
                unlink("\(folder)/\(name)")
            }
        }
    }

    /// The name of the tensors' file that belongs to a progress.
    ///
    /// - Throws: if the progress cannot be read, so that its file is not taken for a leftover.
    private func tensorFile(of progress: String) throws(FileError) -> String? {
        guard let bytes = try FileContents.readIfPresent(progress),
            case .string(let name)? = (try? JSONValue(inFile: bytes))?["run"]?["tensors"]
        else { return nil }
        return name
    }
}

// MARK: Saving

extension BackupAndRestore {
    /// Where weights are until the progress that belongs to them is written.
    private func pending(epoch: Int, steps: Int) -> String {
        "\(folder)/epoch_\(epoch)_batch_\(steps).weights.h5"
    }

    /// Saves the state, so that after a kill at any moment this one or the one before is there.
    func save(_ state: RunState) throws {
        isDueAfterBatch = false
        try FileContents.createFolder(folder, fix: "name another folder for the backup")
        if doubleCheckpoint {
            for file in [weights, progress] where exists(file) {
                try FileContents.write(try FileContents.read(file), to: file + Self.former)
            }
        }
        // The progress decides which weights and tensors count.
        let pending = pending(epoch: state.epoch, steps: state.steps)
        try model?.saveWeights(to: pending)
        let tensors = state.tensors
        let file = tensors.isEmpty ? nil : "epoch_\(state.epoch)_batch_\(state.steps).safetensors"
        if let file { try Safetensors(tensors).write(to: "\(folder)/\(file)") }
        try writeProgress(state, tensors: file)
        try FileContents.rename(pending, to: weights)
        let old = tensorFiles
        tensorFiles = (file, doubleCheckpoint ? old.latest : nil)
        for case let name? in [old.latest, old.former]
        where name != tensorFiles.latest && name != tensorFiles.former {
            unlink("\(folder)/\(name)")
        }
    }

    /// Keras's members, and those of ``RunState``.
    private func writeProgress(_ state: RunState, tensors: String?) throws {
        // Random layers derive their values from the step.
        let step = try model?.stepCounter.value.integers.first ?? 0
        var run = state.json
        if let tensors, case .object(var members) = run {
            members["tensors"] = .string(tensors)
            run = .object(members)
        }
        let json: JSONValue = [
            "epoch": .integer(state.epoch), "batch": .integer(state.steps > 0 ? batch : 0),
            "step": .integer(step), "run": run,
        ]
        try FileContents.write(Array(json.text.utf8), to: progress)
    }
}
