/// Applies a layer to every timestep along axis 1.
///
/// ```swift
/// let film = Input(shape: [16, 64, 64, 3])
/// let y = TimeDistributed(Conv2D(8, kernelSize: 3))(film)  // [?, 16, 62, 62, 8]
/// ```
///
/// The timesteps of all samples are computed as one batch. A layer with statistics sees one
/// timestep after the other, as in Keras.
///
/// ### Shapes
/// - Input: `[batch, timesteps, …]`, where `[batch, …]` is the inner layer's input.
/// - Output: `[batch, timesteps, …]`, the inner layer's outputs.
/// - Weights: those of the layer.
///
/// ### Errors
/// Reported when the model is built: fewer than 3 axes, and errors of the inner layer.
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
        let y = context.splittingSamples(into: x.shape[1]) {
            applied(x.reshaped(Shape([count ?? -1] + rest)), context)
        }
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

    /// The layer's computation, without its penalties on the output, which Keras omits here.
    private func applied(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        layer.call([x], context).first ?? x
    }

    public override var supportsMasking: Bool { true }
}
