internal import StrataGraph

extension BatchNormalization {
    /// Training with the statistics of the unmasked positions, of all ranks where they are synchronized.
    ///
    /// Keras 3.15.1 `BatchNormalization._moments`.
    func withOwnStatistics(
        _ x: SymbolicTensor, _ mask: SymbolicTensor?, _ axis: Int, _ context: CallContext
    ) -> SymbolicTensor {
        if let mask, mask.rank != x.rank - 1 { return .unusable(mask: mask, for: x) }
        let axes = (0..<x.rank).filter { $0 != axis }
        let wide = x.cast(to: .float32)
        let ones = SymbolicTensor.constant(1).broadcast(to: x.shape)
        let counts = mask.map { ones * $0.withLastAxis() } ?? ones
        func sums(_ values: [SymbolicTensor]) -> [SymbolicTensor] {
            let own = values.map { $0.sum(axes: axes, keepDimensions: true) }
            guard arguments.synchronized, let ranks = context.ranks else { return own }
            return ranks.sum(own.map { ranks.terms($0) })
        }
        let found = sums([counts, counts.select(wide, .constant(0))])
        // Keras's epsilon() for fully masked batches.
        let total = found[0] + 1e-7
        let mean = found[1] / total
        let difference = counts.select(wide - mean, .constant(0))
        let variance = sums([difference * difference])[0] / total
        let channels = Shape([x.shape[axis]])
        func spread(_ values: SymbolicTensor) -> SymbolicTensor { values.reshaped(mean.shape) }
        var result = (wide - mean) / (variance + arguments.epsilon).sqrt()
        if arguments.renorm {
            let correction = correction(
                mean.reshaped(channels), variance.reshaped(channels), context)
            result = result * spread(correction.scale) + spread(correction.offset)
        } else {
            move("moving_mean", to: mean.reshaped(channels), arguments.momentum, context)
            move("moving_variance", to: variance.reshaped(channels), arguments.momentum, context)
        }
        if arguments.scale { result = result * spread(context.fullValue(of: "gamma", of: self)) }
        if arguments.center { result = result + spread(context.fullValue(of: "beta", of: self)) }
        return result.cast(to: x.dtype)
    }
}
