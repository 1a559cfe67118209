internal import StrataGraph

/// Batch normalization: scales each channel to mean 0 and variance 1 over the batch, then by gamma
/// and beta.
///
/// Training uses the batch's mean and variance and updates their moving averages; inference, and
/// training while ``Layer/isTrainable`` is false, use the averages.
///
/// ### Shapes
/// - Input: `[batch, …]`, with a known length of `axis`; output: the same.
/// - Weights, in saved order: gamma, beta, movingMean, movingVariance, each `[channels]`; with
///   `renorm` also movingStddev, renormMean, renormStddev
///
/// ### Source
/// Keras 3.15.1 `BatchNormalization`; Ioffe and Szegedy, 2015, arXiv:1502.03167; for `renorm`
/// Ioffe, 2017, arXiv:1702.03275.
public final class BatchNormalization: Layer, SerializableLayer {
    /// The arguments, by Keras's names in Swift's spelling.
    public struct Arguments: Sendable {
        /// The axis of the channels.
        public var axis = -1
        /// The momentum of the moving averages, 0 … 1.
        public var momentum: Float = 0.99
        /// Added to the variance.
        public var epsilon: Float = 0.001
        /// Whether beta is added.
        public var center = true
        /// Whether the result is multiplied by gamma.
        public var scale = true
        public var betaInitializer: any Initializer = .zeros
        public var gammaInitializer: any Initializer = .ones
        public var movingMeanInitializer: any Initializer = .zeros
        public var movingVarianceInitializer: any Initializer = .ones
        public var betaRegularizer: (any Regularizer)?
        public var gammaRegularizer: (any Regularizer)?
        public var betaConstraint: (any Constraint)?
        public var gammaConstraint: (any Constraint)?
        /// Whether to use batch renormalization.
        public var renorm = false
        /// Bounds of that correction.
        public var renormClipping = RenormClipping()
        /// The momentum of the averages of renormalization, 0 … 1.
        public var renormMomentum: Float = 0.99
        /// Whether mean and variance are those of the batches of all ranks
        /// (``Model/distribute(_:)``); otherwise each rank normalizes by those of its own samples,
        /// and the moving averages are the means over ranks.
        public var synchronized = false

        public init() {}
    }

    public let arguments: Arguments

    public init(_ arguments: Arguments, name: String? = nil) {
        self.arguments = arguments
        super.init(name: name)
    }

    /// Keras's arguments and defaults; see ``Arguments``.
    public convenience init(
        axis: Int = -1, momentum: Double = 0.99, epsilon: Double = 0.001, center: Bool = true,
        scale: Bool = true, betaInitializer: any Initializer = .zeros,
        gammaInitializer: any Initializer = .ones,
        movingMeanInitializer: any Initializer = .zeros,
        movingVarianceInitializer: any Initializer = .ones,
        betaRegularizer: (any Regularizer)? = nil, gammaRegularizer: (any Regularizer)? = nil,
        betaConstraint: (any Constraint)? = nil, gammaConstraint: (any Constraint)? = nil,
        synchronized: Bool = false, name: String? = nil
    ) {
        var arguments = Arguments()
        arguments.axis = axis
        arguments.momentum = Float(momentum)
        arguments.epsilon = Float(epsilon)
        arguments.center = center
        arguments.scale = scale
        arguments.betaInitializer = betaInitializer
        arguments.gammaInitializer = gammaInitializer
        arguments.movingMeanInitializer = movingMeanInitializer
        arguments.movingVarianceInitializer = movingVarianceInitializer
        arguments.betaRegularizer = betaRegularizer
        arguments.gammaRegularizer = gammaRegularizer
        arguments.betaConstraint = betaConstraint
        arguments.gammaConstraint = gammaConstraint
        arguments.synchronized = synchronized
        self.init(arguments, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        var arguments = Arguments()
        // Keras writes the axis as a number; older files as an array of one.
        arguments.axis =
            try configuration.ints("axis", default: [arguments.axis]).first ?? arguments.axis
        arguments.momentum = try configuration.float("momentum", default: arguments.momentum)
        arguments.epsilon = try configuration.float("epsilon", default: arguments.epsilon)
        arguments.center = try configuration.bool("center", default: arguments.center)
        arguments.scale = try configuration.bool("scale", default: arguments.scale)
        arguments.betaInitializer = try configuration.initializer(
            "beta_initializer", default: arguments.betaInitializer)
        arguments.gammaInitializer = try configuration.initializer(
            "gamma_initializer", default: arguments.gammaInitializer)
        arguments.movingMeanInitializer = try configuration.initializer(
            "moving_mean_initializer", default: arguments.movingMeanInitializer)
        arguments.movingVarianceInitializer = try configuration.initializer(
            "moving_variance_initializer", default: arguments.movingVarianceInitializer)
        arguments.betaRegularizer = try configuration.regularizer("beta_regularizer")
        arguments.gammaRegularizer = try configuration.regularizer("gamma_regularizer")
        arguments.betaConstraint = try configuration.constraint("beta_constraint")
        arguments.gammaConstraint = try configuration.constraint("gamma_constraint")
        arguments.renorm = try configuration.bool("renorm", default: arguments.renorm)
        if arguments.renorm {
            arguments.renormClipping = try RenormClipping(configuration: configuration)
        }
        arguments.renormMomentum = try configuration.float(
            "renorm_momentum", default: arguments.renormMomentum)
        arguments.synchronized = try configuration.bool(
            "synchronized", default: arguments.synchronized)
        self.init(arguments, name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let shape = inputShapes[0]
        guard shape.rank >= 2, let axis = shape.normalized(axis: arguments.axis) else {
            throw .wrongRank(got: shape, expected: "an input with an axis \(arguments.axis)")
        }
        guard let channels = shape[axis] else {
            throw .unknownDimension(shape, needed: "the channels")
        }
        if arguments.scale {
            addWeight(
                "gamma", shape: [channels], initializer: arguments.gammaInitializer,
                regularizer: arguments.gammaRegularizer, constraint: arguments.gammaConstraint)
        }
        if arguments.center {
            addWeight(
                "beta", shape: [channels], initializer: arguments.betaInitializer,
                regularizer: arguments.betaRegularizer, constraint: arguments.betaConstraint)
        }
        addWeight(
            "moving_mean", shape: [channels], initializer: arguments.movingMeanInitializer,
            isTrainable: false)
        addWeight(
            "moving_variance", shape: [channels],
            initializer: arguments.movingVarianceInitializer, isTrainable: false)
        if arguments.renorm { try addRenormWeights(channels) }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard let axis = x.shape.normalized(axis: arguments.axis) else { return x }
        let x = x.inFloatingPoint
        if context.isTraining, isTrainable {
            let mask = context.mask(of: x)
            if mask != nil || (arguments.synchronized && context.ranks != nil) {
                return withOwnStatistics(x, mask, axis, context)
            }
        }
        if axis == x.rank - 1 { return normalized(x, context) }
        var order = Array(0..<x.rank)
        order.remove(at: axis)
        order.append(axis)
        return normalized(x.transposed(order), context).transposed(inverse(order))
    }

    /// Channels are last.
    private func normalized(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let mean = context.fullValue(of: "moving_mean", of: self)
        let variance = context.fullValue(of: "moving_variance", of: self)
        let gamma =
            arguments.scale
            ? context.fullValue(of: "gamma", of: self)
            : SymbolicTensor.constant(1).broadcast(to: mean.shape)
        let beta =
            arguments.center
            ? context.fullValue(of: "beta", of: self)
            : SymbolicTensor.constant(0).broadcast(to: mean.shape)
        let usesAverages = !(context.isTraining && isTrainable)
        let operation = StrataGraph.BatchNormalization(
            epsilon: arguments.epsilon, usesGivenStatistics: usesAverages)
        if usesAverages {
            return .apply(.batchNormalization(operation), x, gamma, beta, mean, variance)
        }
        if arguments.renorm { return renormalized(x, operation, gamma, beta, context) }
        let results = SymbolicTensor.applying(.batchNormalization(operation), [x, gamma, beta])
        move("moving_mean", to: results[1], arguments.momentum, context)
        move("moving_variance", to: results[2], arguments.momentum, context)
        return results[0]
    }

    /// Updates a moving average.
    ///
    /// - Returns: the new average.
    @discardableResult
    func move(
        _ name: String, to now: SymbolicTensor, _ momentum: Float, _ context: CallContext
    ) -> SymbolicTensor {
        let average =
            context.fullValue(of: name, of: self) * momentum + now * momentum.complement
        context.update(name, of: self, to: average)
        return average
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        [
            "axis": .integer(arguments.axis), "momentum": .float(arguments.momentum),
            "epsilon": .float(arguments.epsilon), "center": .bool(arguments.center),
            "scale": .bool(arguments.scale),
            "beta_initializer": arguments.betaInitializer.serialized.json,
            "gamma_initializer": arguments.gammaInitializer.serialized.json,
            "moving_mean_initializer": arguments.movingMeanInitializer.serialized.json,
            "moving_variance_initializer": arguments.movingVarianceInitializer.serialized.json,
            "beta_regularizer": arguments.betaRegularizer?.serialized.json ?? .null,
            "gamma_regularizer": arguments.gammaRegularizer?.serialized.json ?? .null,
            "beta_constraint": arguments.betaConstraint?.serialized.json ?? .null,
            "gamma_constraint": arguments.gammaConstraint?.serialized.json ?? .null,
            "synchronized": .bool(arguments.synchronized), "renorm": .bool(arguments.renorm),
            "renorm_clipping": arguments.renorm ? arguments.renormClipping.json : .null,
            "renorm_momentum": .float(arguments.renormMomentum),
        ]
    }
}
