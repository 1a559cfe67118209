internal import StrataGraph

/// What an optimizer keeps from step to step for the weights of a model.
final class OptimizerState {
    let weights: [Variable]
    /// How many steps were done.
    let iterations = Variable(
        "iteration", kind: .nonTrainable, value: Tensor([Int32(0)], shape: []))
    /// The step size; a schedule or a callback sets it between steps.
    let learningRate: Variable
    /// For each weight the optimizer's slots.
    let slots: [[Variable]]
    /// Running averages of the weights, if the optimizer keeps them.
    let averages: [Variable]
    /// Gradients that wait for a step, if the optimizer gathers them.
    let accumulators: [Variable]
    /// What is saved, in Keras's order.
    let variables: [Variable]

    /// State before the first step.
    init(_ optimizer: any Optimizer, weights: [Variable]) {
        self.weights = weights
        learningRate = Variable(
            "learning_rate", kind: .nonTrainable,
            value: Tensor(optimizer.learningRate.value(step: 0)))
        let kinds = optimizer.slots
        slots = weights.map { weight in
            kinds.map { kind in
                Variable(
                    "\(weight.name)_\(kind.name)", kind: .nonTrainable,
                    value: Tensor(repeating: kind.initialValue, shape: weight.shape))
            }
        }
        func copies(_ isKept: Bool, _ name: String, _ value: (Variable) -> Tensor) -> [Variable] {
            guard isKept else { return [] }
            return weights.map {
                Variable("\($0.name)_\(name)", kind: .nonTrainable, value: value($0))
            }
        }
        averages = copies(optimizer.options.useEMA, "average") { $0.value }
        accumulators = copies(
            optimizer.options.gradientAccumulationSteps != nil, "gradient_accumulator"
        ) { .zeros($0.shape) }
        var all = [iterations]
        if case .constant = optimizer.learningRate { all.append(learningRate) }
        all += averages + accumulators
        for group in Set(kinds.map(\.group)).sorted() {
            for own in slots {
                all += zip(own, kinds).filter { $1.group == group }.map(\.0)
            }
        }
        variables = all
    }

    /// Gives the weights their running averages, as Keras does when training ends.
    func finalize() {
        for (weight, average) in zip(weights, averages) { weight.assign(average.value) }
    }
}

extension LearningRate {
    /// The rate in the step after `step` others.
    func value(step: Int) -> Float {
        switch self {
        case .constant(let rate): rate
        case .schedule(let schedule): schedule.learningRate(step: step)
        }
    }
}
