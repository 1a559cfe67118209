internal import StrataGraph

extension BatchNormalization {
    /// Training with the statistics of the unmasked positions.
    ///
    /// Keras 3.15.1 `BatchNormalization._moments`.
    func masked(
        _ x: SymbolicTensor, _ mask: SymbolicTensor, _ axis: Int, _ context: CallContext
    ) -> SymbolicTensor {
        guard mask.rank == x.rank - 1 else { return .unusable(mask: mask, for: x) }
        let axes = (0..<x.rank).filter { $0 != axis }
        let wide = x.cast(to: .float32)
        let counts = SymbolicTensor.constant(1).broadcast(to: x.shape) * mask.withLastAxis()
        // Keras's epsilon() for fully masked batches.
        let total = counts.sum(axes: axes, keepDimensions: true) + 1e-7
        let mean = counts.select(wide, .constant(0)).sum(axes: axes, keepDimensions: true) / total
        let difference = counts.select(wide - mean, .constant(0))
        let variance = (difference * difference).sum(axes: axes, keepDimensions: true) / total
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
