internal import Foundation
internal import Strata

/// One process's work at a search: draws trials and trains them, until the search is over.
final class SearchWorker {
    /// What a worker does until it asks again.
    enum Work {
        case train(Int, TrialDraw.Built)
        /// Others train what the next decision depends on.
        case wait
        case finish
    }

    /// How often a trial may lose its process before an epoch is finished.
    private static let mostAttempts = 3

    private let search: SearchContext
    private let registry: WorkerRegistry
    private let draw: TrialDraw
    private let data: SearchData
    private let threads: ThreadShare
    private let isVerbose: Bool
    /// Whether all values that can be drawn have been tried.
    private var isExhausted = false

    init(
        _ search: SearchContext, _ registry: WorkerRegistry, _ draw: TrialDraw, _ data: SearchData,
        _ threads: ThreadShare, isVerbose: Bool
    ) {
        self.search = search
        self.registry = registry
        self.draw = draw
        self.data = data
        self.threads = threads
        self.isVerbose = isVerbose
    }

    /// Works until the search is over.
    func run() throws {
        defer { threads.restore() }
        while true {
            switch try search.journal.locked({ writer in try next(writer) }) {
            case .finish: return
            case .wait: Thread.sleep(forTimeInterval: 0.2)
            case .train(let number, let built):
                threads.take(of: registry.count)
                try train(number, built)
            }
        }
    }

    private func train(_ number: Int, _ built: TrialDraw.Built) throws {
        let segment = TrialSegment(number, search)
        let status: Trial.Status
        do {
            status = try segment.train(built.model, built.arguments, on: data)
        } catch {
            // Not the trial's fault: it does not count as an attempt, if that can be written.
            try? search.journal.append(.status(number, .running))
            throw error
        }
        try search.journal.locked { writer in try writer.append(.status(number, status)) }
        if status != .paused { search.folder.removeBackup(number) }
        tell(number)
    }

    /// The next work, and the journal's entries for it.
    private func next(_ writer: SearchJournal.Writer) throws -> Work {
        while true {
            if let work = try takeOrphan(writer) { return work }
            if search.limits.isOver(search.journal) { return .finish }
            try TrialFailures.check(writer.state.trials)
            switch nextStep(writer.state) {
            case .finish: return .finish
            case .wait: return .wait
            case .stop(let trials, let reason):
                for trial in trials {
                    try writer.append(.status(trial, .stopped(reason)))
                    search.folder.removeBackup(trial)
                    tell(trial)
                }
            case .resume(let trial, let epochs):
                if let work = try resume(trial, epochs, writer) { return work }
            case .start(let bracket, let epochs):
                let number = writer.state.trials.count + 1
                try writer.append(.trial(number, bracket: bracket, epochs: epochs))
                switch try drawValues(number, writer) {
                case .built(let built): return .train(number, built)
                case .ended: continue
                // Those that are there may still be trained further.
                case .exhausted: isExhausted = true
                }
            }
        }
    }

    private func nextStep(_ state: SearchState) -> SearchStep {
        let settings = search.settings
        let most = search.limits.trials(settings.algorithm, epochs: settings.epochs) ?? .max
        return settings.algorithm.nextStep(
            after: state.trials, epochs: settings.epochs, direction: state.direction,
            mayStart: state.feasibleCount < most && !isExhausted)
    }

    /// A trial whose process ended while it was trained.
    private func takeOrphan(_ writer: SearchJournal.Writer) throws -> Work? {
        for (number, owner) in writer.state.owners.sorted(by: { $0.key < $1.key })
        where !registry.isAlive(owner) {
            let attempts = writer.state.attempts[number] ?? 0
            guard attempts < Self.mostAttempts else {
                let reason = "its process ended \(attempts) times before an epoch was finished"
                try writer.append(.status(number, .failed(reason)))
                search.folder.removeBackup(number)
                tell(number)
                continue
            }
            let trial = writer.state.trials[number - 1]
            if let work = try resume(number, trial.plannedEpochs, writer) { return work }
        }
        return nil
    }

    /// Builds the model of a trial again; `nil` if that is not possible any more.
    private func resume(
        _ number: Int, _ epochs: Int, _ writer: SearchJournal.Writer
    ) throws -> Work? {
        try writer.append(.resume(number, epochs: epochs))
        let trial = writer.state.trials[number - 1]
        // The process ended before it had drawn all values.
        if trial.hyperParameters.isEmpty {
            if case .built(let built) = try drawValues(number, writer) {
                return .train(number, built)
            }
            return nil
        }
        switch draw.rebuild(trial, search.settings) {
        case .success(let built): return .train(number, built)
        case .failure(let failure):
            try writer.append(.status(number, try failure.status()))
            tell(number)
            return nil
        }
    }

    private enum Drawn {
        case built(TrialDraw.Built)
        /// The model cannot be built, which the journal has.
        case ended
        /// All values have been tried.
        case exhausted
    }

    private func drawValues(
        _ number: Int, _ writer: SearchJournal.Writer
    ) throws -> Drawn {
        let earlier = Array(writer.state.trials.prefix(number - 1))
        do {
            guard
                let drawn = try draw.new(
                    number, after: earlier, search.settings, writer.state.direction)
            else {
                try writer.append(.withdrawal(number))
                return .exhausted
            }
            let hp = drawn.hyperParameters
            try writer.append(.values(number, hp.space, hp.values))
            switch drawn.result {
            case .success(let built): return .built(built)
            case .failure(let failure):
                try writer.append(.status(number, try failure.status()))
                tell(number)
                return .ended
            }
        } catch let error as HyperParameterError {
            // The space is wrong, not the trial.
            try writer.append(.withdrawal(number))
            throw error
        }
    }

    private func tell(_ number: Int) {
        guard isVerbose else { return }
        let state = search.journal.state
        Console.write(
            state.trials[number - 1].line(objective: state.objective) + "\n")
    }
}
