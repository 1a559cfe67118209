internal import Foundation
internal import Strata
internal import StrataVisualization

/// The training of a trial from the epoch that it had reached up to its planned epochs.
final class TrialSegment {
    let number: Int
    let folder: SearchFolder
    let settings: SearchSettings
    private let journal: SearchJournal
    private let limits: SearchLimits
    /// The best epoch, from 1, and its value.
    private var best: (epoch: Int, value: Float)?
    /// Whether the best epoch was trained in this segment.
    private var hasImproved = false

    init(
        _ number: Int, _ folder: SearchFolder, _ settings: SearchSettings, _ journal: SearchJournal,
        _ limits: SearchLimits
    ) {
        self.number = number
        self.folder = folder
        self.settings = settings
        self.journal = journal
        self.limits = limits
        best = trial.best(journal.state.direction)
    }

    /// The trial, as the journal has it.
    var trial: Trial { journal.state.trials[number - 1] }
    /// The seed of the trial's weights and of what is drawn in training.
    var seed: UInt64 { Self.seed(of: number, settings) }
    var mostEpochs: Int { settings.epochs }
    /// The longest time of a whole training in seconds.
    var secondsLimit: Double? { limits.budget.seconds.map { $0 / 3 } }

    static func seed(of trial: Int, _ settings: SearchSettings) -> UInt64 {
        RandomGenerator.derived(settings.seed, salt: UInt64(trial))
    }

    /// - Parameter afterEpoch: whether the epochs of the budget are looked at too.
    func isOver(afterEpoch: Bool = false) -> Bool {
        afterEpoch
            ? limits.isOver(journal.state, worker: journal.worker)
            : limits.stopRequest.isSet || limits.isTimeOver(journal.state, worker: journal.worker)
    }

    /// Trains a model, and saves that of the best epoch.
    ///
    /// - Returns: the trial's new status.
    /// - Throws: an error that ends the search, such as a full disk.
    func train(_ model: Model, _ arguments: FitArguments, on data: SearchData) throws
        -> Trial.Status
    {
        let runFolder = try RunFolder.create(at: folder.run(number).path)
        let report = TrialReport(self)
        let recorder = RunRecorder(
            runFolder,
            settings: [
                "trial": .integer(number), "batch_size": .integer(arguments.batchSize),
                "seed": .string("\(seed)"),
                "hyperparameters": .object(trial.values.mapValues(\.json)),
            ].merging(settings.facts) { own, _ in own }, drawings: false)
        let reports: [Callback] = [
            recorder, report, BackupAndRestore(folder.backup(number), deleteCheckpoint: false),
            EpochLimit(self, report),
        ]
        do {
            try data.fit(model, epochs: trial.plannedEpochs, arguments, reports)
        } catch {
            guard let reason = Self.reason(error) else { throw error }
            return .failed(reason)
        }
        try saveBest(model)
        return status(report.end)
    }

    private func status(_ end: TrialReport.End?) -> Trial.Status {
        let (epochs, planned) = (trial.objectives.count, trial.plannedEpochs)
        switch end {
        case .diverged(let reason): return .diverged(reason)
        case .tooSlow(let reason): return .infeasible(reason)
        case .interrupted, nil: break
        }
        if case .interrupted? = end, epochs < planned { return .paused }
        // One of the hypermodel's callbacks may have ended it early.
        return epochs < planned || planned >= settings.epochs ? .completed : .paused
    }

    /// What a failed training is recorded as; `nil` if the error is not of this trial alone.
    private static func reason(_ error: any Error) -> String? {
        switch error {
        case is CancellationError, is HyperParameterError: nil
        // A disk that is full for one trial is full for all.
        case let error as FileError: error.cause == .unwritable ? nil : "\(error)"
        case DataError.unwritable: nil
        default: "\(error)"
        }
    }

    /// Writes an epoch to the journal.
    func report(epoch: Int, _ logs: Logs, of model: Model, seconds: Double) throws {
        try journal.locked { writer in
            let objective: (name: String, direction: ObjectiveDirection)
            if let known = writer.state.objective {
                objective = known
            } else {
                objective = try Objective.choose(settings.objective, logs, of: model)
                try writer.append(.objective(objective.name, objective.direction))
            }
            guard let value = logs[objective.name] else {
                throw Objective.missing(objective.name, in: logs)
            }
            try writer.append(.epoch(number, epoch: epoch, objective: value, seconds: seconds))
            if value.isFinite, objective.direction.isBetter(value, than: best?.value) {
                best = (epoch, value)
                hasImproved = true
            } else if let best, best.epoch == epoch - 1 {
                try keepBackup()
            }
        }
    }

    /// Keeps the state of the epoch before, before the backup is replaced by that of a worse one.
    private func keepBackup() throws {
        let (latest, kept) = (
            "\(folder.backup(number))/latest.weights.h5", folder.bestWeights(number)
        )
        unlink(kept)
        // A link: the backup is replaced by renaming, which leaves the linked file as it is.
        if link(latest, kept) == 0 || errno == ENOENT { return }
        try FileContents.write(try FileContents.read(latest), to: kept)
    }

    /// Writes the model of the best epoch.
    private func saveBest(_ model: Model) throws {
        guard hasImproved, let best else { return }
        if best.epoch < trial.objectives.count {
            try model.loadWeights(from: folder.bestWeights(number))
        }
        try model.save(to: folder.model(number))
    }
}
