import Strata

@testable import StrataSearch

extension Trial {
    /// A trial with these hyperparameters and results.
    static func made(
        _ number: Int, _ values: [(HyperParameter, HyperParameterValue)] = [],
        _ objectives: [Float] = [], status: Status = .completed, seconds: Double = 1
    ) -> Trial {
        var trial = Trial(number: number)
        trial.hyperParameters = values.map(\.0)
        for (parameter, value) in values { trial.values[parameter.name] = value }
        trial.objectives = objectives
        trial.status = status
        trial.seconds = seconds
        return trial
    }
}

extension HyperParameter {
    static func choice(_ name: String, _ values: [HyperParameterValue]) -> HyperParameter {
        HyperParameter(name: name, domain: .choice(values, isOrdered: values[0].number != nil))
    }

    static func float(
        _ name: String, _ minValue: Double, _ maxValue: Double, _ sampling: Sampling = .linear
    ) -> HyperParameter {
        HyperParameter(
            name: name,
            domain: .float(minValue: minValue, maxValue: maxValue, step: nil, sampling: sampling))
    }

    static func int(
        _ name: String, _ minValue: Int, _ maxValue: Int, step: Int = 1,
        _ sampling: Sampling = .linear
    ) -> HyperParameter {
        HyperParameter(
            name: name,
            domain: .int(minValue: minValue, maxValue: maxValue, step: step, sampling: sampling))
    }
}

extension SearchResults {
    init(
        _ trials: [Trial], direction: ObjectiveDirection = .maximum,
        objective: String = "val_accuracy"
    ) {
        self.init(trials: trials, objective: objective, direction: direction)
    }
}
