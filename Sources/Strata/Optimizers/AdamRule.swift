/// The step that ``Adam``, ``AdamW`` and, for some weights, ``Muon`` share.
struct AdamRule {
    var beta1: Float
    var beta2: Float
    var epsilon: Float

    static func slots(amsgrad: Bool) -> [OptimizerSlot] {
        [OptimizerSlot("momentum"), OptimizerSlot("velocity")]
            + (amsgrad ? [OptimizerSlot("velocity_hat", group: 1)] : [])
    }

    /// New values of a weight, its moments and, with AMSGrad, its largest second moment.
    func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let power1 = SymbolicTensor.constant(beta1).power(context.step)
        let power2 = SymbolicTensor.constant(beta2).power(context.step)
        let alpha = context.learningRate * (1 - power2).sqrt() / (1 - power1)
        let m = slots[0] + (gradient - slots[0]) * beta1.complement
        let v = slots[1] + (gradient.square() - slots[1]) * beta2.complement
        var new = [m, v]
        if slots.count > 2 { new.append(slots[2].maximum(v)) }
        let spread = new[new.count - 1]
        return (weight - m * alpha / (spread.sqrt() + epsilon), new)
    }
}
