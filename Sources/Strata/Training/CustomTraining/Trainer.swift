/// An optimizer with its variables for some weights.
///
/// In the closure of a ``TracedFunction``, ``CallContext/minimize(_:_:)`` trains the weights;
/// ``apply(_:)`` does so with given gradients. Several trainers in one closure are a step with
/// several optimizers, as for adversarial networks.
public final class Trainer {
    public let optimizer: any Optimizer
    let state: OptimizerState
    private let constraints: [Variable: any Constraint]
    private let schedule: (any LearningRateSchedule)?
    private var update: TracedFunction?
    /// An error of the trainer, or of an assigned learning rate; the next step throws it.
    private var refusal: (any Error)?

    /// - Parameters:
    ///   - optimizer: the optimizer.
    ///   - layer: a layer or model, whose trainable weights are trained with their constraints.
    public convenience init(_ optimizer: any Optimizer, for layer: Layer) {
        self.init(optimizer, layer.trainableWeights, constraints: layer.allConstraints)
    }

    /// - Parameters:
    ///   - optimizer: the optimizer.
    ///   - weights: the trained weights.
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
            refusal = error
        }
    }

    /// The trained weights.
    public var weights: [Variable] { state.weights }

    /// The number of steps so far.
    ///
    /// - Throws: a ``VariableError`` if the engine cannot read the count.
    public var iterations: Int {
        get throws { try state.iterations.value.integers.first ?? 0 }
    }

    /// The learning rate of the next step.
    ///
    /// A rate that is negative or not finite, or a rate for an optimizer with a schedule, is an
    /// error of the next step.
    public var learningRate: Float {
        get { state.learningRate.hostValue?.scalars.first ?? 0 }
        set {
            do {
                if let error = optimizer.inner.learningRate.settingError("the learning rate") {
                    throw error
                }
                try LearningRate.check(newValue, "the learning rate")
                try state.learningRate.assign(Tensor(newValue))
            } catch {
                refusal = error
            }
        }
    }

    /// Updates the weights by one step with gradients.
    ///
    /// - Parameter gradients: one for each of ``weights``, in order; of the unscaled loss.
    /// - Throws: a ``ModelError`` if their number or a shape differs.
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

    /// New values of the weights and of the optimizer's variables.
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

    /// Sets the learning rate of the next step from the schedule.
    ///
    /// - Throws: if an argument of the optimizer or a learning rate is out of range.
    func prepareStep() throws {
        if let refusal { throw refusal }
        guard let schedule else { return }
        let step = try iterations
        let rate = schedule.learningRate(step: step)
        try LearningRate.check(rate, "the schedule's learning rate in step \(step)")
        try state.learningRate.assign(Tensor(rate))
    }
}

extension CallContext {
    /// Trains weights by one step that minimizes a scalar; they have their new values after the run
    /// of the ``TracedFunction``.
    ///
    /// The whole closure sees the old weights, so the order of several calls does not matter.
    public func minimize(_ loss: SymbolicTensor, _ trainer: Trainer) {
        let values = trainer.weights.map { value(of: $0) }
        let scaled = trainer.state.scaled(loss.cast(to: .float32), trainer.optimizer)
        apply(scaled.gradients(withRespectTo: values), trainer)
    }

    /// Trains weights by one step with gradients.
    func apply(_ gradients: [SymbolicTensor], _ trainer: Trainer) {
        let values = trainer.weights.map { value(of: $0) }
        add(trainer.updates(values, gradients)) { try trainer.prepareStep() }
    }
}
