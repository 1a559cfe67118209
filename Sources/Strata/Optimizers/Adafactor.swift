/// Adafactor: Adam with second moments by rows and columns only, to save memory.
///
/// Shazeer and Stern, 2018 (arXiv 1804.04235); Keras 3.15.1 `Adafactor`, which keeps their product
/// as well.
public struct Adafactor: Optimizer {
    public static let className = "Adafactor"
    /// The largest step relative to the weight's size.
    public var learningRate: LearningRate
    /// The decay rate of the second moment is 1 − step^`beta2Decay`.
    public var beta2Decay: Float
    /// Small constant added to squared gradients.
    public var epsilon1: Float
    /// The lower bound of a weight's size.
    public var epsilon2: Float
    /// The largest root mean square of an update, before the learning rate is applied.
    public var clipThreshold: Float
    /// Whether the learning rate is at most 1/√step; without effect, as in Keras 3.15.1.
    public var relativeStep: Bool
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, beta2Decay: Double = -0.8,
        epsilon1: Double = 1e-30,
        epsilon2: Double = 0.001, clipThreshold: Double = 1, relativeStep: Bool = true,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.beta2Decay = Float(beta2Decay)
        self.epsilon1 = Float(epsilon1)
        self.epsilon2 = Float(epsilon2)
        self.clipThreshold = Float(clipThreshold)
        self.relativeStep = relativeStep
        self.options = options
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        beta2Decay = try configuration.float("beta_2_decay", default: beta2Decay)
        epsilon1 = try configuration.float("epsilon_1", default: epsilon1)
        epsilon2 = try configuration.float("epsilon_2", default: epsilon2)
        clipThreshold = try configuration.float("clip_threshold", default: clipThreshold)
        relativeStep = try configuration.bool("relative_step", default: relativeStep)
        options = try OptimizerOptions(configuration: configuration)
    }

    public var ownConfig: [String: JSONValue] {
        [
            "beta_2_decay": JSONValue(beta2Decay), "epsilon_1": JSONValue(epsilon1),
            "epsilon_2": JSONValue(epsilon2), "clip_threshold": JSONValue(clipThreshold),
            "relative_step": .bool(relativeStep),
        ]
    }

    /// Rows, columns, and all; rows and columns of a vector are scalars that nothing changes.
    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        let (rows, columns) =
            shape.count < 2
            ? ([], []) : (Array(shape.dropLast()), shape.dropLast(2) + shape.suffix(1))
        return [
            OptimizerSlot("", shape: rows), OptimizerSlot("", shape: columns),
            OptimizerSlot("velocity"),
        ]
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let old = 1 - context.step.power(beta2Decay)
        let squares = gradient.square() + epsilon1
        var new = slots
        if weight.rank < 2 {
            new[2] = old * slots[2] + (1 - old) * squares
        } else {
            let rank = weight.rank
            new[0] = old * slots[0] + (1 - old) * squares.mean(axes: [-1])
            new[1] = old * slots[1] + (1 - old) * squares.mean(axes: [-2])
            let share = new[0] / new[0].mean(axes: [-1], keepDimensions: true)
            var dimensions = new[1].shape.dimensions
            dimensions.insert(1, at: rank - 2)
            new[2] = share.withLastAxis() * new[1].reshaped(Shape(dimensions))
        }
        let update = gradient / new[2].sqrt()
        let limited = update / (update.rootMeanSquare() / clipThreshold).maximum(1)
        let rate = context.learningRate.minimum(context.step.sqrt().reciprocal())
        let scale = weight.rootMeanSquare().maximum(epsilon2) * rate
        return (weight - limited * scale, new)
    }
}

extension SymbolicTensor {
    fileprivate func rootMeanSquare() -> SymbolicTensor { square().mean().sqrt() }
}

extension Optimizer where Self == Adafactor {
    /// Adafactor: Adam with second moments by rows and columns only.
    public static var adafactor: Adafactor { Adafactor() }
}
