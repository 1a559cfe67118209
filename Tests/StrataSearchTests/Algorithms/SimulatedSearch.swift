import Strata

@testable import StrataSearch

/// A search whose trials are trained by arithmetic, and whose workers take turns at random.
struct SimulatedSearch {
    let algorithm: SearchAlgorithm
    let epochs: Int
    var direction = ObjectiveDirection.minimum
    var workers = 1
    var seed: UInt64 = 1
    var maxTrials = Int.max
    /// Whether infeasible trials are known when they are drawn, instead of later.
    var buildsAtOnce = true

    private(set) var trials: [Trial] = []
    /// The trials at the time of each step, and the step.
    private(set) var steps: [(before: [Trial], step: SearchStep)] = []
    private var curves: [Int: (Int) -> Float] = [:]

    init(_ algorithm: SearchAlgorithm, epochs: Int) {
        self.algorithm = algorithm
        self.epochs = epochs
    }

    enum Failure: Error {
        case infeasible, deadlock
        case wrongStep(SearchStep)
    }

    /// The epochs of training of all trials.
    var trainedEpochs: Int { trials.reduce(0) { $0 + $1.objectives.count } }

    /// The best objective of all trials; the worst possible if there is none.
    var best: Float {
        trials.ranked(direction).first?.best(direction)?.value
            ?? (direction == .minimum ? .infinity : -.infinity)
    }

    /// Searches until the algorithm or the budget ends it.
    ///
    /// - Parameter model: the objective after each epoch, from 1, for some hyperparameters: NaN if
    ///   training diverges, infinite if it crashes; `Failure.infeasible` if there is no model.
    mutating func run(_ model: @escaping (HyperParameters) throws -> (Int) -> Float) throws {
        var generator = RandomGenerator(seed: seed &* 77)
        var free = workers
        while true {
            var isWaiting = false
            while free > 0, !isWaiting {
                let step = next()
                steps.append((trials, step))
                switch step {
                case .start(let bracket, let planned):
                    try start(bracket, planned, model)
                    if trials.last?.status == .running { free -= 1 }
                case .resume(let number, let planned):
                    guard trials[number - 1].status == .paused, planned <= epochs,
                        planned > trials[number - 1].objectives.count
                    else { throw Failure.wrongStep(step) }
                    trials[number - 1].status = .running
                    trials[number - 1].plannedEpochs = planned
                    free -= 1
                case .stop(let numbers, let reason):
                    for number in numbers {
                        guard trials[number - 1].status == .paused else {
                            throw Failure.wrongStep(step)
                        }
                        trials[number - 1].status = .stopped(reason)
                    }
                    if numbers.isEmpty { throw Failure.wrongStep(step) }
                case .wait:
                    if free == workers { throw Failure.deadlock }
                    isWaiting = true
                case .finish:
                    if free == workers { return }
                    isWaiting = true
                }
            }
            let running = trials.filter { $0.status == .running }.map(\.number)
            train(running[Int(generator.next() % UInt64(running.count))])
            free += 1
        }
    }

    private func next() -> SearchStep {
        let feasible = trials.count(where: \.isFeasible)
        let limit = min(maxTrials, algorithm.passLength(epochs: epochs) ?? .max)
        return algorithm.nextStep(
            after: trials, epochs: epochs, direction: direction, mayStart: feasible < limit)
    }

    private mutating func start(
        _ bracket: Int, _ planned: Int, _ model: (HyperParameters) throws -> (Int) -> Float
    ) throws {
        var trial = Trial(number: trials.count + 1)
        trial.bracket = bracket
        trial.plannedEpochs = planned
        var sampler = algorithm.sampler(
            seed: seed, trial: trial.number, attempt: 0, trials: trials, direction: direction)
        let hp = HyperParameters { try sampler.value(of: $0) }
        do {
            curves[trial.number] = try model(hp)
        } catch Failure.infeasible {
            curves[trial.number] = nil
        }
        trial.hyperParameters = hp.space
        trial.values = hp.values
        trials.append(trial)
        if buildsAtOnce, curves[trial.number] == nil { train(trial.number) }
    }

    /// Trains a trial as far as is planned.
    private mutating func train(_ number: Int) {
        var trial = trials[number - 1]
        defer { trials[number - 1] = trial }
        guard let curve = curves[number] else {
            trial.status = .infeasible("too small")
            return
        }
        while trial.objectives.count < trial.plannedEpochs {
            let value = curve(trial.objectives.count + 1)
            trial.objectives.append(value)
            if value.isFinite { continue }
            trial.status = value.isNaN ? .diverged("NaN") : .failed("crash")
            return
        }
        trial.status = trial.plannedEpochs < epochs ? .paused : .completed
    }
}
