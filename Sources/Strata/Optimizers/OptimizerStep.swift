// The graph of an optimizer's step, from gradients to new values of all variables. The order is
// that of Keras 3.15.1 `BaseOptimizer.apply`: loss scale, accumulation, clipping, weight decay, the
// update rule, averages; the caller applies constraints afterwards.

extension OptimizerState {
    package typealias Update = (variable: Variable, value: SymbolicTensor)

    /// The scaled loss, of which the gradients are taken.
    package func scaled(_ loss: SymbolicTensor, _ optimizer: any Optimizer) -> SymbolicTensor {
        if let lossScale { return loss * .variable(lossScale.scale) }
        return optimizer.options.lossScaleFactor.map { loss * $0 } ?? loss
    }

    /// New values of the weights and of this state's variables.
    ///
    /// - Parameters:
    ///   - optimizer: the optimizer of this state.
    ///   - weights: with their values in this step and the gradients of what ``scaled(_:_:)`` gave;
    ///     all of the state's, in its order.
    package func updates(
        _ optimizer: any Optimizer,
        weights: [(variable: Variable, value: SymbolicTensor, gradient: SymbolicTensor)]
    ) -> [Update] {
        let gradients = weights.map(\.gradient)
        guard let lossScale, let scaling = optimizer as? LossScaleOptimizer else {
            let factor = optimizer.options.lossScaleFactor
            return ruleUpdates(
                optimizer, weights, gradients: gradients.map { g in factor.map { g / $0 } ?? g })
        }
        let scale = SymbolicTensor.variable(lossScale.scale)
        let isFinite = SymbolicTensor.areFinite(gradients)
        let updates = ruleUpdates(
            scaling.innerOptimizer, weights, gradients: gradients.map { $0 / scale })
        return updates.map { variable, value in
            let old =
                weights.first { $0.variable == variable }?.value ?? .variable(variable)
            return (variable, isFinite.select(value, old))
        } + scaling.updates(lossScale, isFinite: isFinite)
    }

    private func ruleUpdates(
        _ rule: any Optimizer,
        _ weights: [(variable: Variable, value: SymbolicTensor, gradient: SymbolicTensor)],
        gradients: [SymbolicTensor]
    ) -> [Update] {
        let count = SymbolicTensor.variable(iterations).cast(to: .float32)
        let accumulation = Accumulation(rule.options.gradientAccumulationSteps, count: count)
        var updates: [Update] = []

        var gradients = gradients
        for (index, accumulator) in accumulators.enumerated() where index < gradients.count {
            let sum = gradients[index] + .variable(accumulator)
            gradients[index] = sum / Float(accumulation.length)
            updates.append((accumulator, accumulation.isDue.select(.constant(0), sum)))
        }
        gradients = rule.options.clipped(gradients)

        let rate = SymbolicTensor.variable(learningRate)
        let kept = shared.map { SymbolicTensor.variable($0) }
        let newShared = rule.updatedShared(kept, step: accumulation.step)
        for (variable, pair) in zip(shared, zip(newShared, kept)) {
            updates.append((variable, accumulation.due(pair.0, else: pair.1)))
        }
        for (index, weight) in weights.enumerated() where index < slots.count {
            let (name, shape) = (weight.variable.name, weight.variable.shape)
            let context = OptimizerContext(
                learningRate: rate, step: accumulation.step, shared: newShared, name: name,
                shape: shape)
            var decayed = weight.value
            if let decay = rule.weightDecay(name: name, shape: shape),
                rule.options.decays(name)
            {
                decayed = decayed - decayed * decay * rate
            }
            let old = slots[index].map { SymbolicTensor.variable($0) }
            let new = rule.updated(
                decayed, gradient: gradients[index], slots: old, context)
            for (variable, pair) in zip(slots[index], zip(new.slots, old)) {
                updates.append((variable, accumulation.due(pair.0, else: pair.1)))
            }
            var value = accumulation.due(new.weight, else: weight.value)
            if index < averages.count {
                let average = rule.options.average(
                    averages[index], with: value, count: accumulation.updates)
                updates.append((averages[index], average))
                value = rule.options.overwritten(
                    value, by: average, count: accumulation.updates)
            }
            updates.append((weight.variable, value))
        }
        let one = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        return updates + [(iterations, .variable(iterations) + one)]
    }
}

/// The position of a step among those that share one update.
private struct Accumulation {
    /// The number of steps that share an update.
    let length: Int
    /// The number of updates so far.
    let updates: SymbolicTensor
    /// Whether this step is the last of its group; 1 or 0.
    let isDue: SymbolicTensor

    init(_ length: Int?, count: SymbolicTensor) {
        guard let length else {
            self.length = 1
            updates = count
            isDue = .constant(1)
            return
        }
        self.length = length
        updates = (count / Float(length)).floor()
        isDue = count.equal(to: updates * Float(length) + Float(length - 1))
    }

    /// The number of this update, 1 for the first.
    var step: SymbolicTensor { updates + 1 }

    /// The new value in the last step of a group, the old one before.
    func due(_ new: SymbolicTensor, else old: SymbolicTensor) -> SymbolicTensor {
        length == 1 ? new : isDue.select(new, old)
    }
}

extension OptimizerOptions {
    /// Clipped gradients.
    fileprivate func clipped(_ gradients: [SymbolicTensor]) -> [SymbolicTensor] {
        if let clipnorm, clipnorm > 0 {
            return gradients.map { $0 * (clipnorm / $0.square().sum().sqrt().maximum(clipnorm)) }
        }
        if let globalClipnorm, globalClipnorm > 0 {
            let squares = gradients.map { $0.square().sum() }
            let norm = squares.dropFirst().reduce(squares.first ?? .constant(0), +).sqrt()
            let factor = norm.reciprocal().minimum(1 / globalClipnorm) * globalClipnorm
            // A norm that is not finite makes all gradients NaN, as in Keras.
            return gradients.map { $0 * (factor + (norm - norm)) }
        }
        if let clipvalue, clipvalue > 0 {
            return gradients.map { $0.clipped(-clipvalue, clipvalue) }
        }
        return gradients
    }

    /// The moving average after a step; the weight itself after the first.
    fileprivate func average(
        _ average: Variable, with weight: SymbolicTensor, count: SymbolicTensor
    ) -> SymbolicTensor {
        let momentum = count.notEqual(to: 0) * emaMomentum
        return momentum * .variable(average) + (1 - momentum) * weight
    }

    /// The weight, or its average in those steps that set it so.
    fileprivate func overwritten(
        _ weight: SymbolicTensor, by average: SymbolicTensor, count: SymbolicTensor
    ) -> SymbolicTensor {
        guard let frequency = emaOverwriteFrequency, frequency > 0 else { return weight }
        let step = count + 1
        let rounds = (step / Float(frequency)).floor() * Float(frequency)
        return step.equal(to: rounds).select(average, weight)
    }
}

extension SymbolicTensor {
    /// 1 if all elements of all tensors are finite, otherwise 0.
    fileprivate static func areFinite(_ tensors: [SymbolicTensor]) -> SymbolicTensor {
        tensors.reduce(.constant(1)) { all, tensor in
            // NaN is not less than anything.
            let isFinite = tensor.absolute().lessOrEqual(to: .greatestFiniteMagnitude)
            return all.minimum(isFinite.min())
        }
    }
}
