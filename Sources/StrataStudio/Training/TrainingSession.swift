#if Server
import Foundation
import HTTPTypes
import Strata
import StrataVisualization
import Synchronization

/// The trainings of the page, one at a time, each on a thread of its own.
final class TrainingSession: Sendable {
    enum Phase: String, Sendable {
        case idle
        case preparing
        case running
        case finished
        case stopped
        case failed

        var isActive: Bool { self == .preparing || self == .running }
    }

    /// A training that was stopped before it began.
    private struct Stopped: Error {}

    private struct State {
        var phase = Phase.idle
        var number = 0
        var plan: TrainingPlan?
        var error: String?
        var kept: String?
        var isStopRequested = false
        /// Whether the first batch has ended, so that there is something to keep.
        var hasLearned = false
        var stopRequest: StopRequest?
        var log = EventLog()
        var result: (TrainedNetwork, ModelWorker)?
    }

    private let state = Mutex(State())
    private let models: ModelStore
    private let runs: RunStore

    init(models: ModelStore, runs: RunStore) {
        self.models = models
        self.runs = runs
    }

    // MARK: Asking

    var json: JSONValue {
        state.withLock { state in
            [
                "state": .string(state.phase.rawValue), "training": .integer(state.number),
                "plan": state.plan?.json ?? .null, "error": JSONValue(text: state.error),
                "kept": JSONValue(text: state.kept),
            ]
        }
    }

    /// - Throws: a ``StudioError`` if nothing was started yet.
    func log() throws(StudioError) -> EventLog {
        guard let log = state.withLock({ $0.number > 0 ? $0.log : nil }) else {
            throw StudioError(.notFound, "no training was started yet")
        }
        return log
    }

    // MARK: Changing

    /// Starts a training.
    ///
    /// - Returns: its number.
    /// - Throws: a ``StudioError`` if one is running; what the library says of the network.
    func start(_ plan: TrainingPlan) throws -> Int {
        _ = try NetworkCheck(plan).checkedModel()
        let (number, log) = try state.withLock { state throws(StudioError) in
            guard !state.phase.isActive else {
                throw StudioError(
                    .conflict,
                    "training \(state.number) (\(state.plan?.name ?? "")) is running; stop it, or "
                        + "wait until it ends")
            }
            let number = state.number + 1
            state = State(phase: .preparing, number: number, plan: plan)
            return (number, state.log)
        }
        models.setTrained(nil)
        let thread = Thread { self.train(plan, number, log) }
        thread.name = "strata.studio.training"
        thread.stackSize = 8 << 20
        thread.start()
        return number
    }

    /// Ends the training after its batch; before the first batch is there, at the next picture.
    func stop() throws(StudioError) {
        try state.withLock { state throws(StudioError) in
            guard state.phase.isActive else {
                throw StudioError(.conflict, "no training is running")
            }
            state.isStopRequested = true
            state.stopRequest?.set()
        }
    }

    /// Keeps the training in a run folder.
    ///
    /// - Returns: the run's name.
    func keep(name: String?) async throws -> String {
        let (network, worker, plan) = try state.withLock { state throws(StudioError) in
            guard let (network, worker) = state.result, let plan = state.plan else {
                throw StudioError(.conflict, "there is no trained network to keep")
            }
            if let kept = state.kept {
                throw StudioError(.conflict, "the training is kept already, as \(kept)")
            }
            // Taken, so that it is not kept twice.
            state.kept = ""
            return (network, worker, plan)
        }
        let parent = runs.parent
        do {
            let run = try await worker.run { _ in
                try network.keep(in: parent, name: "\(plan.dataName)-\(name ?? plan.name)")
            }
            state.withLock { $0.kept = run }
            return run
        } catch {
            state.withLock { $0.kept = nil }
            throw error
        }
    }

    /// The file of the trained model.
    func file() async throws -> [UInt8] {
        guard let (network, worker) = state.withLock({ $0.result }) else {
            throw StudioError(.conflict, "there is no trained network yet")
        }
        return try await worker.run { _ in try network.model.kerasFileBytes() }
    }

    private static func temporaryFolder() throws -> RunFolder {
        let root = FileManager.default.temporaryDirectory.path
        return try RunFolder.create(at: "\(root)/strata-studio-\(UUID().uuidString)")
    }

    // MARK: On the training's thread

    private func train(_ plan: TrainingPlan, _ number: Int, _ log: EventLog) {
        let start = ContinuousClock.now
        var phase = Phase.finished
        var message: String?
        do {
            try SeedStream.$own.withValue(SeedStream(seed: UInt64(plan.seed))) {
                if try train(plan, log, number) { phase = .stopped }
            }
        } catch is Stopped {
            phase = .stopped
        } catch DataError.stopped {
            phase = .stopped
        } catch {
            phase = .failed
            message = StudioError(error).message
        }
        let worker = state.withLock { state -> ModelWorker? in
            state.phase = phase
            state.error = message
            return state.result?.1
        }
        models.setTrained(worker)
        log.append(
            "end",
            [
                "state": .string(phase.rawValue), "error": JSONValue(text: message),
                "seconds": JSONValue(Float((ContinuousClock.now - start) / .seconds(1))),
                "model": worker == nil ? .null : .string(ModelStore.trainingName),
            ], isLast: true)
    }

    /// - Returns: whether it was stopped.
    private func train(_ plan: TrainingPlan, _ log: EventLog, _ number: Int) throws -> Bool {
        let model = try NetworkCheck(plan).model()
        let isUnwanted: @Sendable () -> Bool = { self.isUnwanted }
        let pictures = try DataReading.stopping(when: isUnwanted) {
            try TrainingPictures(plan)
        }
        let counts = pictures.counts(plan)
        let recorder = RunRecorder(try Self.temporaryFolder(), settings: plan.settings)
        let observer = TrainingObserver(
            log,
            facts: [
                "training": .integer(number), "plan": plan.json,
                "samples": .integer(counts.training), "validation": .integer(counts.validation),
            ], unused: { pictures.unused })
        let beginning = LambdaCallback(
            onTrainBegin: { try self.begin(model.stopRequest) },
            onTrainBatchEnd: { _, _ in self.state.withLock { $0.hasLearned = true } })
        defer {
            // Those of a training that fails say why.
            observer.appendUnused()
            if !observer.hasBegun {
                try? FileManager.default.removeItem(atPath: recorder.folder.path)
            } else if !observer.hasDiverged {
                let network = TrainedNetwork(model, recorder) { try pictures.heldOut(plan) }
                let worker = ModelWorker { network.model }
                state.withLock { $0.result = (network, worker) }
            }
        }
        try DataReading.stopping(when: isUnwanted) {
            try pictures.fit(model, plan, [beginning, observer, TerminateOnNaN(), recorder])
        }
        guard !observer.hasDiverged else {
            throw StudioError(
                .badRequest,
                "the loss is no longer a number, and the network of no use; start again with a smaller "
                    + "learning rate than \(plan.learningRate)")
        }
        return isStopRequested
    }

    private var isStopRequested: Bool { state.withLock { $0.isStopRequested } }

    /// Whether reading is to end: once there is something to keep, training ends behind a batch instead.
    private var isUnwanted: Bool { state.withLock { $0.isStopRequested && !$0.hasLearned } }

    /// Notes that training begins, which has cleared an earlier request to stop it.
    private func begin(_ stop: StopRequest) throws {
        let isStopped = state.withLock { state in
            state.phase = .running
            state.stopRequest = stop
            return state.isStopRequested
        }
        if isStopped { throw Stopped() }
    }
}

extension TrainingPlan {
    /// What a run's record has of it beside what it finds itself.
    fileprivate var settings: [String: JSONValue] {
        [
            "data": .string(dataName), "network": .string(name), "augment": false,
            "batch_size": .integer(batchSize), "seed": .integer(seed),
            "validation_split": .number(validationSplit),
        ]
    }
}
#endif
