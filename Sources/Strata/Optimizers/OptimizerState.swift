/// The variables of an optimizer for some weights.
///
/// ``variables`` have the order and the names of Keras's files.
package final class OptimizerState {
    /// The trained weights.
    package let weights: [Variable]
    /// The number of steps so far, `int32`.
    package let iterations: Variable
    /// The learning rate of the next step; a schedule's rate is written here before each step.
    package let learningRate: Variable
    /// The slots of each weight.
    let slots: [[Variable]]
    /// The scalars that are shared by all weights.
    let shared: [Variable]
    /// The moving averages of the weights, if they are kept.
    let averages: [Variable]
    /// The gradients accumulated for the next update, if it takes several steps.
    let accumulators: [Variable]
    /// The factor of the loss with dynamic loss scaling.
    let lossScale: LossScale?
    /// All of these but the learning rate of a schedule, in Keras's order.
    package let variables: [Variable]

    /// Those that an optimizer of Keras 3.15.1 has before it is built, which are in the file of a
    /// model that was compiled but never trained.
    let variablesBeforeTraining: [Variable]

    /// For a ``LossScaleOptimizer``, the variables of the inner optimizer, which files contain
    /// again.
    var innerVariables: [Variable]? {
        guard let lossScale else { return nil }
        return Array(
            weights.isEmpty
                ? variablesBeforeTraining.dropFirst(2)
                : variables.dropFirst(lossScale.variables.count))
    }

    /// The variables of a ``LossScaleOptimizer`` beside those of the one within it.
    struct LossScale {
        // Keras gives the outer optimizer a counter and a rate too, which nothing changes.
        let iterations = Variable.iterations()
        let learningRate = Variable.scalar("learning_rate", 0)
        let stepCounter = Variable(
            "step_counter", kind: .nonTrainable, value: Tensor([Int32(0)], shape: []))
        let scale: Variable

        init(_ optimizer: LossScaleOptimizer) {
            scale = .scalar("dynamic_scale", optimizer.initialScale)
        }

        var variables: [Variable] { [iterations, learningRate, stepCounter, scale] }
    }

    package init(_ optimizer: any Optimizer, weights: [Variable]) {
        lossScale = (optimizer as? LossScaleOptimizer).map { LossScale($0) }
        let rule = optimizer.inner
        self.weights = weights
        iterations = .iterations()
        learningRate = .scalar("learning_rate", rule.learningRate.value(step: 0))
        averages =
            rule.options.useEMA ? weights.map { Variable(of: $0, OptimizerSlot("average")) } : []
        accumulators =
            rule.options.gradientAccumulationSteps == nil
            ? [] : weights.map { Variable(of: $0, OptimizerSlot("gradient_accumulator")) }
        let kept = weights.map { rule.slots(name: $0.name, shape: $0.shape) }
        slots = zip(weights, kept).map { weight, slots in
            slots.map { Variable(of: weight, $0) }
        }
        shared = rule.sharedSlots.map { .scalar($0.name, $0.value) }

        var own = [iterations]
        if case .constant = rule.learningRate { own.append(learningRate) }
        variablesBeforeTraining =
            (lossScale.map { [$0.iterations, $0.learningRate] } ?? []) + own
        var all = (lossScale?.variables ?? []) + own
        all += averages + accumulators
        for group in Set(kept.flatMap { $0.map(\.group) }).sorted() {
            for (variables, slots) in zip(self.slots, kept) {
                all += zip(variables, slots).filter { $1.group == group }.map(\.0)
            }
        }
        // Keras 3.15.1 does not keep these of an optimizer within a LossScaleOptimizer.
        variables = lossScale == nil ? all + shared : all
    }

    /// The memory that the variables of these weights take.
    static func byteCount(_ optimizer: any Optimizer, weights: [Variable]) -> Double {
        let rule = optimizer.inner
        let copies =
            (rule.options.useEMA ? 1 : 0) + (rule.options.gradientAccumulationSteps == nil ? 0 : 1)
        return weights.reduce(0) { sum, weight in
            let slots = rule.slots(name: weight.name, shape: weight.shape).map {
                ($0.shape ?? weight.shape).reduce(4, *)
            }
            return sum + Double(slots.reduce(copies * weight.shape.reduce(4, *), +))
        }
    }

    /// Sets the variables to the values of a file, in Keras's order.
    ///
    /// - Throws: a ``ConfigurationError`` if their number or a shape differs; then nothing has changed.
    package func restore(_ values: [Tensor]) throws {
        guard values.count == variables.count else {
            throw ConfigurationError(
                path: "optimizer",
                message: "\(values.count) variables were given, but this optimizer has "
                    + "\(variables.count)")
        }
        for (variable, value) in zip(variables, values) where variable.shape != value.shape {
            throw ConfigurationError(
                path: "optimizer",
                message: "\(variable.name) has shape \(variable.shape), not \(value.shape)")
        }
        for (variable, value) in zip(variables, values) { try variable.assign(value) }
    }

    /// Sets the weights to their moving averages, if there are any.
    ///
    /// Keras does so at the end of training (`finalize_variable_values`).
    package func finalize() throws(VariableError) {
        for (weight, average) in zip(weights, averages) { try weight.assign(average.value) }
    }
}

extension Optimizer {
    /// The inner optimizer of a ``LossScaleOptimizer``; any other is its own.
    var inner: any Optimizer { (self as? LossScaleOptimizer)?.innerOptimizer ?? self }
}

extension Variable {
    fileprivate static func scalar(_ name: String, _ value: Float) -> Variable {
        Variable(name, kind: .nonTrainable, value: Tensor(value))
    }

    fileprivate static func iterations() -> Variable {
        Variable("iteration", kind: .nonTrainable, value: Tensor([Int32(0)], shape: []))
    }

    fileprivate convenience init(of weight: Variable, _ slot: OptimizerSlot) {
        self.init(
            slot.name.isEmpty ? weight.name : "\(weight.name)_\(slot.name)", kind: .nonTrainable,
            value: Tensor(repeating: slot.initialValue, shape: slot.shape ?? weight.shape))
    }
}
