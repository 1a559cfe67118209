internal import StrataGraph

/// A weight with its value at the start of a step and the loss's gradient.
struct WeightGradient {
    let variable: Variable
    let value: SymbolicTensor
    let gradient: SymbolicTensor
}

extension OptimizerState {
    typealias Updates = [(variable: Variable, value: SymbolicTensor)]

    /// New values of the weights and of this state, in the order of Keras 3.15.1's
    /// `Optimizer.apply`: accumulation, clipping, weight decay, the rule itself, running averages.
    ///
    /// - Parameters:
    ///   - optimizer: the rule.
    ///   - gradients: those of ``weights``, in their order.
    func updates(_ optimizer: any Optimizer, _ gradients: [WeightGradient]) -> Updates {
        let options = optimizer.options
        let done = SymbolicTensor.variable(iterations)
        let one = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        var updates: Updates = [(iterations, done + one)]
        var step = (done + one).cast(to: .float32)
        var raw = gradients.map(\.gradient)
        if let scale = options.lossScaleFactor { raw = raw.map { $0 / scale } }
        var isUpdate: SymbolicTensor?
        if let count = options.gradientAccumulationSteps {
            let rounds = step / Float(count)
            isUpdate = rounds.equal(to: rounds.floor())
            // Keras counts rounds, not steps, once gradients are gathered.
            step = (done.cast(to: .float32) / Float(count)).floor() + 1
            let sums = zip(raw, accumulators).map { $0 + .variable($1) }
            for (accumulator, sum) in zip(accumulators, sums) {
                updates.append((accumulator, chosen(isUpdate, sum * 0, sum)))
            }
            raw = sums.map { $0 / Float(count) }
        }
        let clipped = options.clipped(raw)
        let rate = SymbolicTensor.variable(learningRate)
        for (index, weight) in gradients.enumerated() {
            var value = weight.value
            if let decay = options.weightDecay, options.decays(weight.variable) {
                value = value - value * rate * decay
            }
            let own = slots[index]
            let result = optimizer.updated(
                value, gradient: clipped[index], slots: own.map { .variable($0) },
                learningRate: rate, step: step)
            let new = chosen(isUpdate, result.weight, weight.value)
            for (slot, value) in zip(own, result.slots) {
                updates.append((slot, chosen(isUpdate, value, .variable(slot))))
            }
            updates += averaged(index, weight.variable, new, options, done)
        }
        return updates
    }

    private func chosen(_ condition: SymbolicTensor?, _ a: SymbolicTensor, _ b: SymbolicTensor)
        -> SymbolicTensor
    {
        condition.map { $0.select(a, b) } ?? a
    }

    /// The weight's new value, and its running average's where there is one.
    private func averaged(
        _ index: Int, _ variable: Variable, _ new: SymbolicTensor, _ options: OptimizerOptions,
        _ done: SymbolicTensor
    ) -> Updates {
        guard options.useEMA else { return [(variable, new)] }
        let momentum = done.notEqual(to: .constant(Tensor([Int32(0)], shape: []))) * options.emaMomentum
        let average = SymbolicTensor.variable(averages[index]) * momentum + new * (1 - momentum)
        guard let frequency = options.emaOverwriteFrequency else {
            return [(variable, new), (averages[index], average)]
        }
        let rounds = (done.cast(to: .float32) + 1) / Float(frequency)
        let isOverwritten = rounds.equal(to: rounds.floor())
        return [(variable, isOverwritten.select(average, new)), (averages[index], average)]
    }
}

extension OptimizerOptions {
    /// Gradients brought below the largest norm or value that is allowed.
    fileprivate func clipped(_ gradients: [SymbolicTensor]) -> [SymbolicTensor] {
        func norm(_ square: SymbolicTensor, _ limit: Float) -> SymbolicTensor {
            // A gradient of norm 0 stays; dividing by it would give no number.
            .constant(limit) / square.sqrt().maximum(limit)
        }
        if let clipnorm {
            return gradients.map { $0 * norm($0.square().sum(), clipnorm) }
        }
        if let globalClipnorm, let first = gradients.first {
            let square = gradients.dropFirst().reduce(first.square().sum()) {
                $0 + $1.square().sum()
            }
            let scale = norm(square, globalClipnorm)
            return gradients.map { $0 * scale }
        }
        if let clipvalue {
            return gradients.map { $0.clipped(-clipvalue, clipvalue) }
        }
        return gradients
    }

    fileprivate func decays(_ variable: Variable) -> Bool {
        !excludedFromWeightDecay.contains { variable.name.contains($0) }
    }
}
