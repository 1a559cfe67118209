/// An optimizer at work on some weights, with all that it remembers of them.
///
/// In the closure of a ``TracedFunction``, ``CallContext/minimize(_:_:)`` trains the weights;
/// ``apply(_:)`` does so with gradients that came from elsewhere. Several trainers in one closure make
/// a step with several optimizers, as adversarial networks need it.
public final class Trainer {
    public let optimizer: any Optimizer
    let state: OptimizerState
    private let constraints: [Variable: any Constraint]
    private let schedule: (any LearningRateSchedule)?
    private var update: TracedFunction?
    /// Why the trainer cannot work, or a rate that was assigned could not be set; the next step throws it.
    private var refusal: ModelError?

    /// - Parameters:
    ///   - optimizer: the rule.
    ///   - layer: a layer or model whose trainable weights are trained, and brought back to their
    ///     constraints.
    public convenience init(_ optimizer: any Optimizer, for layer: Layer) {
        self.init(optimizer, layer.trainableWeights, constraints: layer.allConstraints)
    }

    /// - Parameters:
    ///   - optimizer: the rule.
    ///   - weights: what is trained.
    public convenience init(_ optimizer: any Optimizer, weights: [Variable]) {
        self.init(optimizer, weights, constraints: [:])
    }

    private init(
        _ optimizer: any Optimizer, _ weights: [Variable],
        constraints: [Variable: any Constraint]
    ) {
        self.optimizer = optimizer
        self.constraints = constraints
        state = OptimizerState(optimizer, weights: weights)
        if case .schedule(let schedule) = optimizer.inner.learningRate {
            self.schedule = schedule
        } else {
            schedule = nil
        }
        do {
            try ArgumentRanges.check(optimizer.serialized)
        } catch {
            refusal = error as? ModelError
        }
    }

    /// What is trained.
    public var weights: [Variable] { state.weights }

    /// How many steps were done.
    public var iterations: Int { state.iterations.value.integers.first ?? 0 }

    /// The step size of the next step.
    ///
    /// A rate that is negative or not finite, or that an optimizer with a schedule is given, is an error that the
    /// next step throws.
    public var learningRate: Float {
        get { state.learningRate.value.scalars.first ?? 0 }
        set {
            do throws(ModelError) {
                if let error = optimizer.inner.learningRate.settingError("the learning rate") {
                    throw error
                }
                try LearningRate.check(newValue, "the learning rate")
                state.learningRate.assign(Tensor(newValue))
            } catch {
                refusal = error
            }
        }
    }

    /// Changes the weights by one step against gradients.
    ///
    /// - Parameter gradients: one for each of ``weights``, in that order; of a loss that is not scaled.
    /// - Throws: a ``ModelError`` where their number or a shape is another.
    public func apply(_ gradients: [Tensor]) throws {
        guard gradients.count == weights.count else {
            throw ModelError(
                .wrongTensorCount(
                    what: "gradients", got: gradients.count, expected: weights.count))
        }
        for (weight, gradient) in zip(weights, gradients) where weight.shape != gradient.shape {
            throw ModelError(
                .wrongWeightShape(
                    name: weight.name, got: gradient.shape, expected: weight.shape))
        }
        try ThreadUse.during(.computing, of: "a trainer", { [ObjectIdentifier(self)] }) {
            let update =
                update
                ?? TracedFunction { [unowned self] inputs, context in
                    // The rule expects gradients of the scaled loss.
                    let factor = state.scaled(.constant(1), optimizer)
                    context.apply(inputs.map { $0 * factor }, self)
                    return []
                }
            self.update = update
            try update(gradients)
        }
    }

    /// New values of the weights and of what the optimizer remembers.
    fileprivate func updates(
        _ values: [SymbolicTensor], _ gradients: [SymbolicTensor]
    ) -> [OptimizerState.Update] {
        let weights = zip(self.weights, zip(values, gradients)).map {
            ($0, $1.0, $1.1.cast(to: .float32))
        }
        return state.updates(optimizer, weights: weights).map { variable, value in
            (variable, constraints[variable]?.constrained(value) ?? value)
        }
    }

    /// Brings the learning rate to what a schedule says for the next step.
    ///
    /// - Throws: where an argument of the optimizer or a learning rate is out of its range.
    func prepareStep() throws {
        if let refusal { throw refusal }
        guard let schedule else { return }
        let rate = schedule.learningRate(step: iterations)
        try LearningRate.check(rate, "the schedule's learning rate in step \(iterations)")
        state.learningRate.assign(Tensor(rate))
    }
}

extension CallContext {
    /// Trains weights by one step that makes a scalar smaller; they have their new values at the end of
    /// the run of the ``TracedFunction``.
    ///
    /// All that is computed sees the weights as they were before, so that the order of several calls
    /// does not matter.
    public func minimize(_ loss: SymbolicTensor, _ trainer: Trainer) {
        let values = trainer.weights.map { value(of: $0) }
        let scaled = trainer.state.scaled(loss.cast(to: .float32), trainer.optimizer)
        apply(scaled.gradients(withRespectTo: values), trainer)
    }

    /// Trains weights by one step against gradients.
    func apply(_ gradients: [SymbolicTensor], _ trainer: Trainer) {
        let values = trainer.weights.map { value(of: $0) }
        add(trainer.updates(values, gradients), trainer)
    }
}
