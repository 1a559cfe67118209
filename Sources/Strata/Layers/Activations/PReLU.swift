/// PReLU: x above 0, alpha · x below, with a trainable alpha.
///
/// ### Shapes
/// - Input: `[batch, …]`, with known lengths of the axes that are not shared; output: the same.
/// - Weights: alpha, of the shape of a sample with 1 for every shared axis.
///
/// ### Errors
/// Reported when the model is built: a shared axis that the input does not have, and a length that
/// is needed and not known.
///
/// ### Source
/// Keras 3.15.1 `PReLU`; He et al., 2015, arXiv:1502.01852.
public final class PReLU: Layer, SerializableLayer {
    public let alphaInitializer: any Initializer
    public let alphaRegularizer: (any Regularizer)?
    public let alphaConstraint: (any Constraint)?
    /// Axes that share one alpha, counted with the batch: 1, 2 for the spatial axes of an image.
    public let sharedAxes: [Int]?

    /// - Parameters:
    ///   - alphaInitializer: the initial values of alpha.
    ///   - alphaRegularizer: a penalty on alpha.
    ///   - alphaConstraint: projection applied to alpha after each update.
    ///   - sharedAxes: axes that share one alpha, counted with the batch.
    ///   - name: unique within a model.
    public init(
        alphaInitializer: any Initializer = .zeros, alphaRegularizer: (any Regularizer)? = nil,
        alphaConstraint: (any Constraint)? = nil, sharedAxes: [Int]? = nil, name: String? = nil
    ) {
        self.alphaInitializer = alphaInitializer
        self.alphaRegularizer = alphaRegularizer
        self.alphaConstraint = alphaConstraint
        self.sharedAxes = sharedAxes
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            alphaInitializer: try configuration.initializer("alpha_initializer", default: .zeros),
            alphaRegularizer: try configuration.regularizer("alpha_regularizer"),
            alphaConstraint: try configuration.constraint("alpha_constraint"),
            sharedAxes: configuration.value("shared_axes") == nil
                ? nil : try configuration.ints("shared_axes"),
            name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        var shape = Shape(Array(inputShapes[0].dimensions.dropFirst()))
        for axis in sharedAxes ?? [] {
            guard (-shape.rank...shape.rank).contains(axis),
                shape.normalized(axis: axis - 1) != nil
            else {
                throw .invalidArgument(
                    "\(inputShapes[0]) has no axis \(axis) to share",
                    fix: "choose shared axes from 1 on")
            }
            shape[axis - 1] = 1
        }
        guard let shape = shape.known else {
            throw .unknownDimension(inputShapes[0], needed: "every axis that does not share")
        }
        addWeight(
            "alpha", shape: shape, initializer: alphaInitializer, regularizer: alphaRegularizer,
            constraint: alphaConstraint)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x.relu() - context.value(of: "alpha", of: self) * (-x).relu()
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        [
            "alpha_initializer": alphaInitializer.serialized.json,
            "alpha_regularizer": alphaRegularizer?.serialized.json ?? .null,
            "alpha_constraint": alphaConstraint?.serialized.json ?? .null,
            "shared_axes": JSONValue(sharedAxes),
        ]
    }
}
