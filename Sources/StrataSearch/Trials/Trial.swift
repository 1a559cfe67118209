public import Strata

/// A trial: one choice of hyperparameters, and the result of training with it.
public struct Trial: Sendable, Hashable {
    /// The trial's number, from 1.
    public let number: Int
    /// The hyperparameters, in the order in which they were asked for.
    public internal(set) var hyperParameters: [HyperParameter] = []
    /// Their values, by name.
    public internal(set) var values: [String: HyperParameterValue] = [:]
    public internal(set) var status = Status.running
    /// The bracket of Hyperband that the trial belongs to, from 0; 0 for other algorithms.
    public internal(set) var bracket = 0
    /// The number of epochs up to which it was to be trained so far.
    public internal(set) var plannedEpochs = 0
    /// The value of the objective after each epoch, NaN if there was none; the first is epoch 1.
    public internal(set) var objectives: [Float] = []
    /// The time that training took, in seconds, without building the model.
    public internal(set) var seconds = 0.0
    /// The run folder, within the folder of the search.
    public internal(set) var folder = ""

    /// The state of a trial.
    public enum Status: Sendable, Hashable {
        /// It is being trained, or was when its process ended.
        case running
        /// It waits for the decision whether it is trained for longer (Hyperband).
        case paused
        /// It was trained for as long as was planned.
        case completed
        /// It was ended early, because others were better (Hyperband) or time was over.
        case stopped(String)
        /// The model cannot be built; it does not count against any budget.
        case infeasible(String)
        /// The loss became NaN or infinite.
        case diverged(String)
        /// Training threw an error, or its process crashed.
        case failed(String)
    }
}

extension Trial {
    /// Whether its model was built, so that it counts against budgets and in brackets.
    var isFeasible: Bool {
        switch status {
        case .infeasible: false
        case .running, .paused, .completed, .stopped, .diverged, .failed: true
        }
    }

    /// The best value of the objective, and its epoch, from 1.
    ///
    /// - Returns: `nil` if it was never finite.
    public func best(_ direction: ObjectiveDirection) -> (epoch: Int, value: Float)? {
        direction.best(
            of: objectives.enumerated().map { (epoch: $0.offset + 1, value: $0.element) })
    }
}

extension Trial.Status {
    /// The status as a word, without its reason.
    public var name: String {
        switch self {
        case .running: "running"
        case .paused: "paused"
        case .completed: "completed"
        case .stopped: "stopped"
        case .infeasible: "infeasible"
        case .diverged: "diverged"
        case .failed: "failed"
        }
    }

    /// Why the trial ended.
    public var reason: String? {
        switch self {
        case .running, .paused, .completed: nil
        case .stopped(let reason), .infeasible(let reason), .diverged(let reason),
            .failed(let reason):
            reason
        }
    }
}
