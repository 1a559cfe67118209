/// Spectral normalization: divides the kernel of a layer by its largest singular value while
/// training.
///
/// The singular value comes from a few power iterations, which continue from the last step. As in
/// Keras on JAX, the stored kernel stays as the optimizer leaves it, and inference uses it. A
/// kernel that no optimizer trains is replaced by the normalized one.
///
/// ```swift
/// let y = SpectralNormalization(Conv2D(32, kernelSize: 3))(Input(shape: [28, 28, 3]))  // [?, 26, 26, 32]
/// ```
///
/// ### Shapes
/// - Input and output: those of the inner layer.
/// - Weights, in saved order: the layer's kernel, vectorU `[1, units]`, then the layer's other
///   weights.
///
/// ### Errors
/// Reported when the model is built: a layer without `kernel` and without `embeddings`,
/// `powerIterations` below 1.
///
/// ### Source
/// Keras 3.15.1 `SpectralNormalization`; Miyato et al., 2018, arXiv:1802.05957.
public final class SpectralNormalization: WrapperLayer, SerializableLayer {
    /// The number of power iterations in a training step; 1 or more.
    public let powerIterations: Int

    /// - Parameters:
    ///   - layer: one with a weight `kernel` or `embeddings`.
    ///   - powerIterations: the number of power iterations in a training step; 1 or more.
    ///   - name: unique within a model.
    public init(_ layer: Layer, powerIterations: Int = 1, name: String? = nil) {
        self.powerIterations = powerIterations
        super.init(layer, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.wrappedLayer(),
            powerIterations: try configuration.int("power_iterations", default: 1),
            name: try configuration.layerName())
    }

    private var kernel: Variable? { layer.variable("kernel") ?? layer.variable("embeddings") }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard powerIterations > 0, powerIterations <= 1000 else {
            throw .invalidArgument(
                "powerIterations is \(powerIterations)", fix: "use 1 or more, 1000 at most")
        }
        try super.build(inputShapes)
        guard let kernel, let units = kernel.shape.last else {
            throw .invalidArgument(
                "layer \(layer.name) has neither a kernel nor embeddings",
                fix: "wrap a layer that has: Dense, Conv2D, Embedding")
        }
        adopt(kernel)
        addWeight(
            "vector_u", shape: [1, units], initializer: .truncatedNormal(stddev: 0.02),
            isTrainable: false)
    }

    public override var weights: [Variable] {
        variables + layer.weights.filter { $0 != kernel }
    }

    public override var trainableWeights: [Variable] { isTrainable ? layer.trainableWeights : [] }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard context.isTraining, let kernel else { return matched(layer(x, context), x) }
        let old = context.value(of: kernel)
        let oldU = context.fullValue(of: "vector_u", of: self)
        let (newU, sigma) = iterated(oldU, matrix: old.reshaped([-1, kernel.shape.last]))
        // A kernel of zeros has no direction, and is unchanged.
        let isZero = old.absolute().max().equal(to: 0)
        context.update("vector_u", of: self, to: isZero.select(oldU, newU))
        let new = old / isZero.select(.constant(1), sigma)
        if !layer.trainableWeights.contains(kernel) || !isTrainable {
            context.update(kernel.name, of: layer, to: new)
        }
        return context.replacing(kernel, by: new) { matched(layer(x, context), x) }
    }

    /// The next vector and its singular value.
    private func iterated(_ start: SymbolicTensor, matrix: SymbolicTensor)
        -> (u: SymbolicTensor, sigma: SymbolicTensor)
    {
        let transposed = matrix.transposed([1, 0])
        // Keras's backend.epsilon().
        let epsilon: Float = 1e-7
        var (u, v) = (start, start)
        for _ in 0..<powerIterations {
            v = u.multiplied(by: transposed).normalized(axes: nil, epsilon: epsilon)
            u = v.multiplied(by: matrix).normalized(axes: nil, epsilon: epsilon)
        }
        u = u.stoppingGradient()
        let sigma = v.stoppingGradient().multiplied(by: matrix).multiplied(
            by: u.transposed([1, 0]))
        return (u, sigma.reshaped([]))
    }

    private func matched(_ y: SymbolicTensor, _ x: SymbolicTensor) -> SymbolicTensor {
        x.dtype.isFloatingPoint ? y.cast(to: x.dtype) : y
    }

    public override var config: [String: JSONValue] {
        super.config.merging(["power_iterations": .integer(powerIterations)]) { $1 }
    }
}
