internal import Foundation
internal import Strata
internal import StrataVisualization

/// The training of a trial from the epoch that it had reached up to its planned epochs.
final class TrialSegment {
    private let number: Int
    private let search: SearchContext
    /// The best epoch, from 1, and its value.
    private var best: (epoch: Int, value: Float)?

    init(_ number: Int, _ search: SearchContext) {
        self.number = number
        self.search = search
        best = search.journal.state.trials[number - 1].best(search.journal.state.direction)
    }

    /// The trial, as the journal has it.
    private var trial: Trial { search.journal.state.trials[number - 1] }
    /// The seed of the trial's weights and of what is drawn in training.
    var seed: UInt64 { search.settings.seed(ofTrial: number) }
    var mostEpochs: Int { search.settings.epochs }
    /// Whether no epoch has been completed yet.
    var isFirstEpoch: Bool { trial.objectives.isEmpty }
    /// The longest time of a whole training in seconds.
    var secondsLimit: Double? { search.limits.budget.seconds.map { $0 / 3 } }

    /// - Parameter afterEpoch: whether the epochs of the budget are looked at too.
    func isOver(afterEpoch: Bool = false) -> Bool {
        search.limits.isOver(search.journal, countsEpochs: afterEpoch)
    }

    /// Trains a model, and saves that of the best epoch.
    ///
    /// - Returns: the trial's new status.
    /// - Throws: an error that ends the search, such as a full disk.
    func train(_ model: Model, _ arguments: FitArguments, on data: SearchData) throws
        -> Trial.Status
    {
        let runFolder = try RunFolder.create(at: search.folder.run(number).path)
        let report = TrialReport(self)
        let recorder = RunRecorder(
            runFolder,
            settings: [
                "trial": .integer(number), "batch_size": .integer(arguments.batchSize),
                "seed": .string("\(seed)"),
                "hyperparameters": .object(trial.values.mapValues(\.json)),
            ].merging(search.settings.facts) { own, _ in own }, drawings: false)
        let reports: [Callback] = [
            recorder, report,
            BackupAndRestore(search.folder.backup(number), deleteCheckpoint: false),
            EpochLimit(self, report),
        ]
        do {
            try data.fit(model, epochs: trial.plannedEpochs, arguments, reports)
        } catch {
            guard let reason = reason(error) else { throw error }
            return .failed(reason)
        }
        try saveBest(model, isWhole: report.end == nil)
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
        return epochs < planned || planned >= search.settings.epochs ? .completed : .paused
    }

    /// What a failed training is recorded as; `nil` if the error is not of this trial alone.
    private func reason(_ error: any Error) -> String? {
        switch error {
        case is CancellationError, is HyperParameterError: nil
        case let error as FileError: Self.endsTheSearch(error, in: search.folder) ? nil : "\(error)"
        case DataError.unwritable: nil
        default: "\(error)"
        }
    }

    /// Whether an error is not the trial's: a disk that is full for one trial is full for all, and what the
    /// search has written is read again when it is continued.
    static func endsTheSearch(_ error: FileError, in folder: SearchFolder) -> Bool {
        switch error.cause {
        case .unwritable: true
        case .unreadable: error.path?.hasPrefix("\(folder.path)/") == true
        case .contents: false
        }
    }

    /// Writes an epoch to the journal.
    func report(epoch: Int, _ logs: Logs, of model: Model, seconds: Double) throws {
        try search.journal.locked { writer in
            let objective: (name: String, direction: ObjectiveDirection)
            if let known = writer.state.objective {
                objective = known
            } else {
                objective = try Objective.choose(search.settings.objective, logs, of: model)
                try writer.append(.objective(objective.name, objective.direction))
            }
            guard let value = logs[objective.name] else {
                throw Objective.missing(objective.name, in: logs)
            }
            try writer.append(.epoch(number, epoch: epoch, objective: value, seconds: seconds))
            if value.isFinite, objective.direction.isBetter(value, than: best?.value) {
                best = (epoch, value)
            } else if let best, best.epoch == epoch - 1 {
                try keepBackup()
            }
        }
    }

    /// Keeps the state of the epoch before, before the backup is replaced by that of a worse one.
    private func keepBackup() throws {
        guard FileContents.size(of: latestWeights) != nil else { return }
        // The backup is replaced by renaming, which leaves a linked file as it is.
        try FileContents.keep(latestWeights, as: search.folder.bestWeights(number))
    }

    /// Writes the model of the best epoch, which an earlier part of the training may have had.
    ///
    /// - Parameter isWhole: whether the model has the weights of the last epoch, and not of the
    ///   middle of another one.
    private func saveBest(_ model: Model, isWhole: Bool) throws {
        guard let best else { return }
        let isLast = best.epoch == trial.objectives.count
        if !isLast || !isWhole {
            let weights = isLast ? latestWeights : search.folder.bestWeights(number)
            guard FileContents.size(of: weights) != nil else { return }
            try model.loadWeights(from: weights)
        }
        try model.save(to: search.folder.model(number))
    }

    /// The backup's weights, those of the last epoch that was completed.
    private var latestWeights: String { "\(search.folder.backup(number))/latest.weights.h5" }
}
