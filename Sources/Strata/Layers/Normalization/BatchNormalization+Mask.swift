internal import StrataGraph

extension BatchNormalization {
    /// Training with the statistics of the places that count.
    ///
    /// Keras 3.15.1 `BatchNormalization._moments`.
    func masked(
        _ x: SymbolicTensor, _ mask: SymbolicTensor, _ axis: Int, _ context: CallContext
    ) -> SymbolicTensor {
        guard mask.rank == x.rank - 1, !arguments.renorm else {
            let problem =
                arguments.renorm
                ? "renorm does not go with masks"
                : "a mask of shape \(mask.shape) came for \(x.shape)"
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        problem,
                        fix: "end the mask before with a layer that has none, such as Reshape")))
        }
        let axes = (0..<x.rank).filter { $0 != axis }
        let wide = x.cast(to: .float32)
        let counts = SymbolicTensor.constant(1).broadcast(to: x.shape) * mask.withLastAxis()
        // Keras's epsilon() against gaps alone.
        let total = counts.sum(axes: axes, keepDimensions: true) + 1e-7
        let mean = counts.select(wide, .constant(0)).sum(axes: axes, keepDimensions: true) / total
        let difference = counts.select(wide - mean, .constant(0))
        let variance = (difference * difference).sum(axes: axes, keepDimensions: true) / total
        let channels = Shape([x.shape[axis]])
        move("moving_mean", to: mean.reshaped(channels), arguments.momentum, context)
        move("moving_variance", to: variance.reshaped(channels), arguments.momentum, context)
        func spread(_ name: String) -> SymbolicTensor {
            context.fullValue(of: name, of: self).reshaped(mean.shape)
        }
        var result = (wide - mean) / (variance + arguments.epsilon).sqrt()
        if arguments.scale { result = result * spread("gamma") }
        if arguments.center { result = result + spread("beta") }
        return result.cast(to: x.dtype)
    }
}
