/// One run of `fit`, step by step.
final class FitRun {
    /// The result of ``advance()``.
    enum Event {
        /// Progress within an epoch, such as a step.
        case step
        /// The end of an epoch, with its validation.
        case epoch(TrainingEpoch)
        /// The end of training.
        case end
    }

    /// The settings of a run: the arguments of `fit`.
    struct Plan {
        let epochs: Range<Int>
        let validationFrequency: Int
        let verbosity: Verbosity
        let callbacks: [Callback]
    }

    /// The current epoch.
    private struct Current {
        let number: Int
        var bar: ProgressDisplay
        var training: EpochRunner
        /// The result of training, once it is over.
        var logs: Logs?
        var validation: Evaluation?
    }

    private let model: Model
    private let plan: Plan
    private var samples: any EpochSource
    private var validation: (any EpochSource)?
    /// The callbacks, from the start to the end of training.
    private var list: CallbackList?
    private var isOver = false
    private var nextEpoch = 0
    /// What training goes on with within an epoch, until that epoch begins.
    private var resumption: BackupAndRestore.Resumption?
    private var current: Current?
    private var last: Logs = [:]
    private var warnings = NumericsWarnings()

    init(
        _ model: Model, samples: any EpochSource, validation: (any EpochSource)?, plan: Plan
    ) {
        self.model = model
        self.samples = samples
        self.validation = validation
        self.plan = plan
    }

    /// Abandoned training ends like an interruption.
    deinit { if list != nil { abandon() } }

    /// Trains to the end.
    func run() throws -> History {
        try model.during(.training) {
            while true {
                if case .end = try advance() { return model.history ?? History() }
            }
        }
    }

    /// Runs ``advance()`` while no other thread uses the model.
    func advanceAlone() throws -> Event { try model.during(.training) { try advance() } }

    /// Runs the next step, or the work between two steps.
    ///
    /// - Throws: an error, after the callbacks were notified of the end of training.
    private func advance() throws -> Event {
        do {
            return try next()
        } catch {
            let error = model.session?.ended(by: error) ?? error
            abandon()
            throw error
        }
    }

    private func abandon() {
        isOver = true
        current = nil
        guard let list else { return }
        self.list = nil
        // The first error is the cause; one at the end is a consequence.
        model.stopRequest.set()
        let end = { [last] in _ = try? list.trainEnd(logs: last) }
        if let session = model.session { session.alone(end) } else { end() }
    }

    private func next() throws -> Event {
        if isOver { return .end }
        try Task.checkCancellation()
        guard let list else {
            try begin()
            return .step
        }
        if current != nil { return try advanceEpoch(list) }
        guard nextEpoch < plan.epochs.upperBound else { return try end(list) }
        try beginEpoch(list)
        return .step
    }

    private func begin() throws {
        if model.isFirstRank { DebugBuildNote.show(for: plan.verbosity) }
        model.stopRequest.clear()
        var sources = [samples] + (validation.map { [$0] } ?? [])
        let list = CallbackList(
            model.isFirstRank ? plan.callbacks : [], model: model,
            epochs: plan.epochs.upperBound, steps: samples.stepCount ?? 0,
            verbosity: plan.verbosity)
        try model.prepareRanks(
            &sources, list, plan: "\(plan.epochs) \(plan.validationFrequency)"
        ) { sources in
            try model.prepareTraining()
            try sources[0].prepare(model, epoch: plan.epochs.lowerBound)
        }
        samples = sources.removeFirst()
        validation = sources.first
        model.history = History()
        self.list = list
        nextEpoch = plan.epochs.lowerBound
        var resumption: BackupAndRestore.Resumption?
        let facts = try model.deciding {
            try list.each { try $0.onTrainBegin() }
            resumption = list.backups.lazy.compactMap(\.resumption).last
            return resumption?.facts ?? [:]
        }
        if !model.isFirstRank { resumption = try BackupAndRestore.Resumption(facts, of: model) }
        if let resumption { try resume(resumption, list) }
    }

    /// Goes on with what a ``BackupAndRestore`` has restored.
    private func resume(_ resumption: BackupAndRestore.Resumption, _ list: CallbackList) throws {
        nextEpoch = resumption.epoch
        guard let state = resumption.state else { return }
        try model.deciding {
            try state.restore(model, callbacks: list.callbacks)
            return [:]
        }
        SeedStream.current.position = state.seeds
        try samples.restore(state.data)
        model.history = state.history
        last = state.history.logs.last ?? [:]
        if state.isOver { nextEpoch = plan.epochs.upperBound }
        if state.steps > 0 { self.resumption = resumption }
    }

    private func beginEpoch(_ list: CallbackList) throws {
        let verbosity = model.isFirstRank ? list.ownVerbosity(plan.verbosity) : .silent
        let bar = ProgressDisplay(
            verbosity, title: "Epoch \(nextEpoch + 1)/\(plan.epochs.upperBound)",
            steps: samples.stepCount)
        try model.resetMetrics()
        try model.deciding {
            try list.each { try $0.onEpochBegin(nextEpoch) }
            // What callbacks did at the epoch's begin, they had done before the interruption.
            try resumption?.restoreWeights()
            try resumption?.state?.restore(model, callbacks: list.callbacks)
            return [:]
        }
        var done = (count: 0, logs: Logs())
        if let state = resumption?.state {
            SeedStream.current.position = state.seeds
            done = (state.steps, state.logs)
        }
        resumption = nil
        let training = EpochRunner(
            model: model, mode: .train, callbacks: list, epoch: nextEpoch,
            steps: try samples.epoch(nextEpoch, after: done.count), after: done)
        current = Current(number: nextEpoch, bar: bar, training: training)
    }

    private func advanceEpoch(_ list: CallbackList) throws -> Event {
        if current?.validation != nil {
            if try current?.validation?.step() == true { return .step }
        } else if current?.logs == nil {
            if try current?.training.step() == true {
                if let training = current?.training {
                    current?.bar.update(training.count) { training.logs }
                    if model.isFirstRank {
                        warnings.look(at: training, epoch: nextEpoch, of: model)
                    }
                    try save(list, after: training)
                }
                return .step
            }
            let logs = current?.training.logs
            current?.logs = logs
            if let validation, isValidationDue {
                current?.validation = try Evaluation(
                    model, validation, verbosity: .silent, callbacks: list)
                return .step
            }
        }
        return try endEpoch(list)
    }

    private var isValidationDue: Bool {
        nextEpoch % plan.validationFrequency == plan.validationFrequency - 1
            && !model.isStopping
    }

    private func endEpoch(_ list: CallbackList) throws -> Event {
        guard var ended = current else { return .step }
        current = nil
        var logs = ended.logs ?? [:]
        if let result = try ended.validation?.finish(), !model.isStopping {
            // An interrupted validation says nothing about the weights.
            for name in result.keys { logs.set("val_\(name)", result.values(name)) }
        }
        ended.bar.finish(logs, waiting: ended.training.waiting)
        if model.isFirstRank { try warnings.look(atWeightsOf: model, epoch: ended.number) }
        nextEpoch += 1
        // What a callback requests from here on comes after a whole epoch.
        model.isEpochInterrupted = model.stopRequest.isInterruption
        do {
            defer {
                model.history?.append(ended.number, logs, of: model)
                last = logs
            }
            let facts = try model.deciding {
                try list.epochEnd(ended.number, logs: &logs)
                return model.rankSession == nil ? [:] : ["logs": RunState.json(logs)]
            }
            if !model.isFirstRank { logs = RunState.logs(facts["logs"]) }
        }
        try save(list, afterEpoch: ended.number)
        if model.isStopping { nextEpoch = plan.epochs.upperBound }
        return .epoch(TrainingEpoch(number: ended.number, logs: logs))
    }

    /// Saves the state after a step, if one of the callbacks is to.
    private func save(_ list: CallbackList, after training: EpochRunner) throws {
        let backups = list.backups.filter(\.isDueAfterBatch)
        // What has ended training for good is to do so again.
        let isEnding = model.stopRequest.isSet && !model.stopRequest.isInterruption
        guard !backups.isEmpty, !isEnding else { return }
        var state = try RunState(
            epoch: nextEpoch, of: model, data: samples.position, callbacks: list.callbacks)
        state.steps = training.count
        state.logs = training.logs
        for backup in backups { try backup.save(state) }
    }

    /// Saves the state after an epoch, if one of the callbacks is to; an interrupted epoch is
    /// repeated.
    private func save(_ list: CallbackList, afterEpoch epoch: Int) throws {
        let backups = list.backups.filter { $0.saveFrequency == .epoch }
        guard !backups.isEmpty, !model.isEpochInterrupted else { return }
        var state = try RunState(
            epoch: epoch + 1, of: model, data: samples.position, callbacks: list.callbacks)
        // The next epoch resets them.
        state.metrics = []
        state.isOver = model.stopRequest.isSet && !model.stopRequest.isInterruption
        for backup in backups { try backup.save(state) }
    }

    private func end(_ list: CallbackList) throws -> Event {
        isOver = true
        self.list = nil
        try model.compilation?.optimizerState?.finalize()
        try model.deciding {
            try list.trainEnd(logs: last)
            return [:]
        }
        return .end
    }
}
