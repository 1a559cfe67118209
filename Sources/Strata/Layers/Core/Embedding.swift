/// Maps integers, such as words or categories, to trainable vectors.
///
/// ```swift
/// let words = Input(shape: [100], dtype: .int32)
/// let y = Embedding(inputDim: 20_000, outputDim: 32)(words)  // [?, 100, 32]
/// ```
///
/// ### Shapes
/// - Input: integers of any shape, from 0 to `inputDim` - 1.
/// - Output: the input's shape and `outputDim`. Indices out of range give NaN; negative ones count
///   from the end, as on JAX.
/// - Weights: embeddings `[inputDim, outputDim]`
///
/// ### Errors
/// Reported when the model is built: sizes below 1, `weights` of another shape.
///
/// ### Source
/// Keras 3.15.1 `Embedding`, without quantization and LoRA.
public final class Embedding: Layer, SerializableLayer {
    /// The number of vectors.
    public let inputDim: Int
    /// The length of a vector.
    public let outputDim: Int
    public let embeddingsInitializer: any Initializer
    public let embeddingsRegularizer: (any Regularizer)?
    public let embeddingsConstraint: (any Constraint)?
    /// Whether 0 is padding that the mask leaves out.
    public let maskZero: Bool
    private let firstWeights: Tensor?

    /// - Parameters:
    ///   - inputDim: the number of vectors; 1 or more.
    ///   - outputDim: the length of a vector; 1 or more.
    ///   - embeddingsInitializer: the initial values of the vectors.
    ///   - embeddingsRegularizer: a penalty on the vectors.
    ///   - embeddingsConstraint: projection applied to the vectors after each update.
    ///   - maskZero: whether 0 is padding that the mask leaves out.
    ///   - weights: the initial values of the vectors, instead of an initializer's.
    ///   - name: unique within a model.
    public init(
        inputDim: Int, outputDim: Int,
        embeddingsInitializer: any Initializer = .randomUniform(),
        embeddingsRegularizer: (any Regularizer)? = nil,
        embeddingsConstraint: (any Constraint)? = nil, maskZero: Bool = false,
        weights: Tensor? = nil, name: String? = nil
    ) {
        self.inputDim = inputDim
        self.outputDim = outputDim
        self.embeddingsInitializer = embeddingsInitializer
        self.embeddingsRegularizer = embeddingsRegularizer
        self.embeddingsConstraint = embeddingsConstraint
        self.maskZero = maskZero
        firstWeights = weights
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            inputDim: try configuration.int("input_dim"),
            outputDim: try configuration.int("output_dim"),
            embeddingsInitializer: try configuration.initializer(
                "embeddings_initializer", default: .randomUniform()),
            embeddingsRegularizer: try configuration.regularizer("embeddings_regularizer"),
            embeddingsConstraint: try configuration.constraint("embeddings_constraint"),
            maskZero: try configuration.bool("mask_zero", default: false),
            name: try configuration.layerName())
        activityRegularizer = try configuration.regularizer("activity_regularizer")
    }

    override var castsInputs: Bool { false }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard inputDim > 0, outputDim > 0 else {
            throw .invalidArgument(
                "inputDim is \(inputDim) and outputDim \(outputDim)", fix: "use 1 or more")
        }
        let shape = [inputDim, outputDim]
        if let firstWeights, firstWeights.shape != shape {
            throw .invalidArgument(
                "weights have shape \(firstWeights.shape)", fix: "give weights of shape \(shape)")
        }
        let embeddings = addWeight(
            "embeddings", shape: shape, initializer: embeddingsInitializer,
            regularizer: embeddingsRegularizer, constraint: embeddingsConstraint)
        if let firstWeights, embeddings.shape == shape {
            do throws(VariableError) {
                try embeddings.assign(firstWeights)
            } catch {
                throw GraphError.Problem(error)
            }
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        context.fullValue(of: "embeddings", of: self).gathered(x).cast(to: context.computeDType)
    }

    public override var supportsMasking: Bool { maskZero }

    public override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    {
        inputs[0].cast(to: .float32).notEqual(to: 0)
    }

    public override var config: [String: JSONValue] {
        [
            "input_dim": .integer(inputDim), "output_dim": .integer(outputDim),
            "embeddings_initializer": embeddingsInitializer.serialized.json,
            "embeddings_regularizer": embeddingsRegularizer?.serialized.json ?? .null,
            "activity_regularizer": activityRegularizer?.serialized.json ?? .null,
            "embeddings_constraint": embeddingsConstraint?.serialized.json ?? .null,
            "mask_zero": .bool(maskZero), "quantization_config": .null,
        ]
    }
}
