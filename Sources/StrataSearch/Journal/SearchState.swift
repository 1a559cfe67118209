internal import Strata

/// What the journal's entries amount to.
struct SearchState {
    /// The settings that may not change; `nil` before the search began.
    private(set) var settings: [String: JSONValue]?
    /// The quantity to improve, once it is known.
    private(set) var objective: (name: String, direction: ObjectiveDirection)?
    /// The trials, by number from 1.
    private(set) var trials: [Trial] = []
    /// The workers of running trials, by the trials' numbers.
    private(set) var owners: [Int: String] = [:]
    /// How often the trial was begun, or begun again, since its last finished epoch.
    private(set) var attempts: [Int: Int] = [:]
    /// The trials whose values are known.
    private var drawn: Set<Int> = []
    /// From the first to the last entry of each worker, in seconds since 1970.
    private var spans: [String: (first: Double, last: Double)] = [:]

    /// The direction of the objective; any as long as no trial has a value.
    var direction: ObjectiveDirection { objective?.direction ?? .maximum }

    /// The trials that count against the budget.
    var feasibleCount: Int { trials.count(where: \.isFeasible) }

    /// The epochs of all trials.
    var epochCount: Int { trials.reduce(0) { $0 + $1.objectives.count } }

    /// The time in which at least one worker was at work, in seconds.
    ///
    /// - Parameter now: the present of a worker that is still at work.
    func wallTime(of worker: String, now: Double) -> Double {
        var spans = spans
        if let span = spans[worker] { spans[worker] = (span.first, max(span.last, now)) }
        var (total, end) = (0.0, -Double.infinity)
        for span in spans.values.sorted(by: { $0.first < $1.first }) where span.last > end {
            total += span.last - max(span.first, end)
            end = span.last
        }
        return total
    }

    /// Why an entry cannot follow those before it: some of them are missing.
    func problem(of entry: JournalEntry) -> String? {
        switch entry.event {
        case .search, .join, .objective: nil
        case .trial(let number, _, _):
            number == trials.count + 1 ? nil : "trial \(number) comes after trial \(trials.count)"
        case .withdrawal(let number), .values(let number, _, _), .resume(let number, _),
            .status(let number, _):
            trials.indices.contains(number - 1) ? nil : "trial \(number) has no beginning"
        case .epoch(let number, let epoch, _, _):
            !drawn.contains(number)
                ? "trial \(number) has no values"
                : epoch < 1 || epoch > trials[number - 1].objectives.count + 1
                    ? "epoch \(epoch) of trial \(number) comes after epoch "
                        + "\(trials[number - 1].objectives.count)" : nil
        }
    }

    mutating func apply(_ entry: JournalEntry) {
        let span = spans[entry.worker] ?? (entry.time, entry.time)
        spans[entry.worker] = (min(span.first, entry.time), max(span.last, entry.time))
        guard problem(of: entry) == nil else { return }
        switch entry.event {
        case .search(let settings): self.settings = settings
        case .join: break
        case .objective(let name, let direction): objective = (name, direction)
        case .trial(let number, let bracket, let epochs):
            var trial = Trial(number: number)
            (trial.bracket, trial.plannedEpochs) = (bracket, epochs)
            trial.folder = SearchFolder.name(ofTrial: number)
            trials.append(trial)
            owners[number] = entry.worker
            attempts[number] = 1
        case .withdrawal(let number):
            guard number == trials.count else { return }
            trials.removeLast()
            (owners[number], attempts[number]) = (nil, nil)
            drawn.remove(number)
        case .values(let number, let parameters, let values):
            change(number) { ($0.hyperParameters, $0.values) = (parameters, values) }
            drawn.insert(number)
        case .resume(let number, let epochs):
            change(number) { ($0.plannedEpochs, $0.status) = (epochs, .running) }
            owners[number] = entry.worker
            attempts[number, default: 0] += 1
        case .epoch(let number, let epoch, let objective, let seconds):
            change(number) { trial in
                // An epoch that was trained again after a kill replaces what it was before.
                trial.objectives = trial.objectives.prefix(epoch - 1) + [objective]
                trial.seconds += seconds
            }
            attempts[number] = 0
        case .status(let number, let status):
            change(number) { $0.status = status }
            // A worker that ends with an error leaves its trial to the next one.
            if status != .running { owners[number] = nil }
            attempts[number] = 0
        }
    }

    private mutating func change(_ number: Int, _ body: (inout Trial) -> Void) {
        body(&trials[number - 1])
    }
}
