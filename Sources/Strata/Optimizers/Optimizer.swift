/// A rule that turns gradients into new weights.
///
/// An optimizer is the rule only; ``OptimizerState`` holds the slots while a model trains.
public protocol Optimizer: Sendable {
    /// Keras's name of the class.
    static var className: String { get }

    var learningRate: LearningRate { get set }
    /// What all optimizers share: weight decay, clipping, averages.
    var options: OptimizerOptions { get set }

    /// The arguments of this optimizer alone, by Keras's names.
    var ownConfig: [String: JSONValue] { get }

    init(_ configuration: Configuration) throws(ConfigurationError)

    /// What is kept for each weight, by Keras's names: `momentum`, `velocity`.
    var slots: [OptimizerSlot] { get }

    /// New values of a weight and of its slots.
    ///
    /// - Parameters:
    ///   - weight: the weight before.
    ///   - gradient: the loss's, clipped already.
    ///   - slots: the weight's slots before.
    ///   - learningRate: a scalar.
    ///   - step: a scalar, 1 in the first step.
    func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        learningRate: SymbolicTensor, step: SymbolicTensor
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor])
}

/// Something that an optimizer keeps for each weight, of the weight's shape.
public struct OptimizerSlot: Sendable, Hashable {
    public var name: String
    /// The value in the beginning.
    public var initialValue: Float
    /// Slots with one number stand interleaved by weight in Keras's order (`m₀ v₀ m₁ v₁`);
    /// groups of higher numbers come after all of the lower.
    public var group: Int

    public init(_ name: String, initialValue: Float = 0, group: Int = 0) {
        self.name = name
        self.initialValue = initialValue
        self.group = group
    }
}

/// A step size, fixed or following a schedule.
public enum LearningRate: Sendable {
    case constant(Float)
    case schedule(any LearningRateSchedule)
}

extension LearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral value: Float) { self = .constant(value) }
    public init(integerLiteral value: Int) { self = .constant(Float(value)) }
}

/// A step size that depends on the number of steps done.
public protocol LearningRateSchedule: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    var config: [String: JSONValue] { get }

    init(_ configuration: Configuration) throws(ConfigurationError)

    /// The learning rate in the step after `step` others.
    func learningRate(step: Int) -> Float
}

/// The arguments that all of Keras's optimizers share.
public struct OptimizerOptions: Sendable, Hashable {
    /// How much of each weight is taken away in a step, in units of the learning rate.
    public var weightDecay: Float?
    /// The largest norm of each weight's gradient.
    public var clipnorm: Float?
    /// The largest absolute value of each element of a gradient.
    public var clipvalue: Float?
    /// The largest norm of all gradients together.
    public var globalClipnorm: Float?
    /// Whether a running average of the weights is kept.
    public var useEMA = false
    public var emaMomentum: Float = 0.99
    /// After how many steps the weights take on their average; never if left out.
    public var emaOverwriteFrequency: Int?
    public var lossScaleFactor: Float?
    public var gradientAccumulationSteps: Int?
    /// Weights whose name holds one of these texts do not decay; not saved, as in Keras.
    public var excludedFromWeightDecay: [String] = []
    /// The name in files; Keras's own for the class if left out.
    public var name: String?

    public init(
        weightDecay: Float? = nil, clipnorm: Float? = nil, clipvalue: Float? = nil,
        globalClipnorm: Float? = nil, useEMA: Bool = false, emaMomentum: Float = 0.99,
        emaOverwriteFrequency: Int? = nil, lossScaleFactor: Float? = nil,
        gradientAccumulationSteps: Int? = nil, name: String? = nil
    ) {
        self.weightDecay = weightDecay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.globalClipnorm = globalClipnorm
        self.useEMA = useEMA
        self.emaMomentum = emaMomentum
        self.emaOverwriteFrequency = emaOverwriteFrequency
        self.lossScaleFactor = lossScaleFactor
        self.gradientAccumulationSteps = gradientAccumulationSteps
        self.name = name
    }
}
