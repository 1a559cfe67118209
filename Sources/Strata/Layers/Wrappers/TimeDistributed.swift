/// Applies another layer to every step along axis 1.
///
/// ```swift
/// let film = Input(shape: [16, 64, 64, 3])
/// let y = TimeDistributed(Conv2D(8, kernelSize: 3))(film)  // [?, 16, 62, 62, 8]
/// ```
///
/// The steps of all samples are computed as one batch, unless the layer keeps statistics: these see one
/// step after the other, as in Keras.
///
/// ### Shapes
/// - Input: `[batch, steps, …]`, where `[batch, …]` is what the layer takes.
/// - Output: `[batch, steps, …]` of what the layer gives.
/// - Weights: those of the layer.
///
/// ### Errors
/// Reported when the model is built: fewer than 3 axes, and what the layer reports.
///
/// ### Source
/// Keras 3.15.1 `TimeDistributed`, without masks.
public final class TimeDistributed: WrapperLayer, SerializableLayer {
    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(try configuration.wrappedLayer(), name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let shape = inputShapes[0]
        guard shape.rank >= 3 else {
            throw .wrongRank(got: shape, expected: "[batch, steps, …]")
        }
        try super.build([Shape([shape[0]] + shape.dimensions.dropFirst(2))])
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let rest = Array(x.shape.dimensions.dropFirst(2))
        let keepsStatistics = layer.weights.contains { $0.kind == .nonTrainable }
        if context.isTraining, keepsStatistics, let shape = x.shape.known {
            return stepByStep(x, shape, context)
        }
        let count = x.shape[0].flatMap { batch in x.shape[1].map { batch * $0 } }
        let y = applied(x.reshaped(Shape([count ?? -1] + rest)), context)
        return y.reshaped(Shape([x.shape[0], x.shape[1]] + y.shape.dimensions.dropFirst()))
    }

    private func stepByStep(_ x: SymbolicTensor, _ shape: [Int], _ context: CallContext)
        -> SymbolicTensor
    {
        let rest = Array(shape.dropFirst(2))
        let mask = context.mask(of: x)
        let steps = (0..<shape[1]).map { step in
            let part = x.sliced(
                from: [0, step] + rest.map { _ in 0 }, sizes: [shape[0], 1] + rest)
            let input = part.reshaped(Shape([shape[0]] + rest))
            if let mask, mask.rank == 2 {
                context.masks[input] = mask.sliced(from: [0, step], sizes: [shape[0], 1])
                    .reshaped([shape[0]])
            }
            let y = applied(input, context)
            return y.reshaped(Shape([y.shape[0], 1] + y.shape.dimensions.dropFirst()))
        }
        return .concatenated(steps, axis: 1)
    }

    /// What the layer computes, without its penalties on the result, which Keras leaves out here.
    private func applied(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        layer.call([x], context).first ?? x
    }

    public override var supportsMasking: Bool { true }
}
