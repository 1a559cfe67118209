/// Group normalization: scales groups of channels of each sample to mean 0 and variance 1.
///
/// ```swift
/// let y = GroupNormalization(groups: 8)(Input(shape: [28, 28, 32]))
/// ```
///
/// ### Shapes
/// - Input: `[batch, …]`, with a known length of `axis`; output: the same.
/// - Weights, in saved order: gamma, beta, each `[channels]`
///
/// ### Errors
/// Reported when the model is built: channels that `groups` does not divide, an unknown number of
/// channels, an axis that the input does not have, `groups` that is neither positive nor -1.
///
/// ### Source
/// Keras 3.15.1 `GroupNormalization`; Wu and He, 2018, arXiv:1803.08494.
public final class GroupNormalization: Layer, SerializableLayer {
    /// The number of groups; -1 for one per channel.
    public let groups: Int
    /// The axis of the channels.
    public let axis: Int
    /// Added to the variance.
    public let epsilon: Float
    public let scaling: ScaleAndOffset

    /// - Parameters:
    ///   - groups: the number of groups of channels; -1 for one per channel.
    ///   - axis: the axis of the channels.
    ///   - epsilon: added to the variance.
    ///   - scaling: gamma and beta.
    ///   - name: unique within a model.
    public init(
        groups: Int = 32, axis: Int = -1, epsilon: Double = 0.001, scaling: ScaleAndOffset,
        name: String? = nil
    ) {
        self.groups = groups
        self.axis = axis
        self.epsilon = Float(epsilon)
        self.scaling = scaling
        super.init(name: name)
    }

    /// - Parameters:
    ///   - groups: the number of groups of channels; -1 for one per channel.
    ///   - axis: the axis of the channels.
    ///   - epsilon: added to the variance.
    ///   - center: whether beta is added.
    ///   - scale: whether the result is multiplied by gamma.
    ///   - name: unique within a model.
    public convenience init(
        groups: Int = 32, axis: Int = -1, epsilon: Double = 0.001, center: Bool = true,
        scale: Bool = true, name: String? = nil
    ) {
        self.init(
            groups: groups, axis: axis, epsilon: epsilon,
            scaling: ScaleAndOffset(center: center, scale: scale), name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            groups: try configuration.int("groups", default: 32),
            axis: try configuration.ints("axis", default: [-1]).first ?? -1,
            epsilon: try configuration.double("epsilon", default: 0.001),
            scaling: try ScaleAndOffset(configuration: configuration),
            name: try configuration.layerName())
    }

    override var castsInputs: Bool { false }
    override class var keepsInputShape: Bool { true }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let shape = inputShapes[0]
        guard shape.rank >= 2, let channelAxis = shape.normalized(axis: axis), channelAxis > 0
        else {
            throw .wrongRank(got: shape, expected: "an input with an axis \(axis) of channels")
        }
        guard let channels = shape[channelAxis] else {
            throw .unknownDimension(shape, needed: "the channels")
        }
        guard groups > 0 || groups == -1 else {
            throw .invalidArgument(
                "groups is \(groups)", fix: "use 1 or more, or -1 for a group of each channel")
        }
        guard groups == -1 || channels % groups == 0, groups <= channels else {
            throw .notDivisible(
                what: "the number of channels", count: channels, by: "groups", divisor: groups)
        }
        scaling.addWeights(to: self, shape: [channels])
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard let channelAxis = x.shape.normalized(axis: axis), let channels = x.shape[channelAxis]
        else {
            return x
        }
        let count = groups == -1 ? channels : groups
        let parts = [count, channels / count]
        var grouped = x.shape.dimensions
        grouped.replaceSubrange(channelAxis...channelAxis, with: parts.map { $0 })
        var spread = Array(repeating: Int?.some(1), count: x.rank)
        spread.replaceSubrange(channelAxis...channelAxis, with: parts.map { $0 })
        let y = x.cast(to: .float32).reshaped(Shape(grouped))
        let (mean, variance) = y.moments(axes: (1...x.rank).filter { $0 != channelAxis })
        return scaling.applied(
            to: y, mean: mean, inverse: (variance + epsilon).sqrt().reciprocal(), of: self,
            shape: Shape(spread), context
        ).reshaped(x.shape).cast(to: context.computeDType)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        // Keras writes the actual number instead of -1 once it is known.
        let channels = builtShapes?.first.flatMap { shape in
            shape.normalized(axis: axis).flatMap { shape[$0] }
        }
        return scaling.config.merging([
            "groups": .integer(groups == -1 ? channels ?? -1 : groups), "axis": .integer(axis),
            "epsilon": .float(epsilon),
        ]) { $1 }
    }
}
