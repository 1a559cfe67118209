/// A rule that turns gradients into new weights.
///
/// An optimizer is the rule only; ``OptimizerState`` holds what it remembers while a model trains.
/// To write one, say in ``slots(name:shape:)`` what is kept for each weight, and compute in
/// ``updated(_:gradient:slots:_:)`` the new weight and its new slots.
public protocol Optimizer: Sendable {
    /// Keras's name of the class.
    static var className: String { get }

    var learningRate: LearningRate { get set }
    /// What all optimizers share: weight decay, clipping, averages.
    var options: OptimizerOptions { get set }

    /// The arguments of this optimizer alone, by Keras's names.
    var ownConfig: [String: JSONValue] { get }

    /// All arguments by Keras's names.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// What is kept for a weight of this name and shape.
    func slots(name: String, shape: [Int]) -> [OptimizerSlot]

    /// Numbers that are kept once for all weights, by Keras's names, with their first values.
    var sharedSlots: [(name: String, value: Float)] { get }

    /// What is taken from a weight in a step, in units of the learning rate; `nil` for nothing.
    func weightDecay(name: String, shape: [Int]) -> Float?

    /// New values of what is kept once for all weights.
    func updatedShared(_ values: [SymbolicTensor], step: SymbolicTensor) -> [SymbolicTensor]

    /// New values of a weight and of its slots.
    ///
    /// - Parameters:
    ///   - weight: the weight before, with weight decay already taken off.
    ///   - gradient: the loss's, clipped already.
    ///   - slots: the weight's slots before.
    ///   - context: the learning rate, and where in the training this step stands.
    func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor])
}

/// What one step of an optimizer may look at beside the weight.
public struct OptimizerContext: Sendable {
    /// The step size, a scalar.
    public let learningRate: SymbolicTensor
    /// 1 in the first step, a `float32` scalar.
    public let step: SymbolicTensor
    /// What is kept once for all weights, after its own update.
    public let shared: [SymbolicTensor]
    /// The weight's name and shape.
    public let name: String
    public let shape: [Int]
}

/// Something that an optimizer keeps for each weight.
public struct OptimizerSlot: Sendable, Hashable {
    /// The end of the name in files: `momentum` for `kernel_momentum`.
    public var name: String
    /// The value in the beginning.
    public var initialValue: Float
    /// Slots with one number stand interleaved by weight in Keras's order (`m₀ v₀ m₁ v₁`);
    /// groups of higher numbers come after all of the lower.
    public var group: Int
    /// The shape; the weight's if left out.
    public var shape: [Int]?

    public init(_ name: String, initialValue: Float = 0, group: Int = 0, shape: [Int]? = nil) {
        self.name = name
        self.initialValue = initialValue
        self.group = group
        self.shape = shape
    }
}

extension Optimizer {
    public var sharedSlots: [(name: String, value: Float)] { [] }

    public func updatedShared(_ values: [SymbolicTensor], step: SymbolicTensor)
        -> [SymbolicTensor]
    {
        values
    }

    public func weightDecay(name: String, shape: [Int]) -> Float? { options.weightDecay }

    /// The name in files.
    public var name: String { options.name ?? LayerNames.snakeCase(Self.className) }

    public var config: [String: JSONValue] {
        options.config.merging(ownConfig) { $1 }
            .merging(["name": .string(name), "learning_rate": learningRate.json]) { $1 }
    }

    /// The optimizer as Keras writes it.
    public var serialized: SerializedObject {
        let object = SerializedObject(
            module: "keras.optimizers", className: Self.className, config: config)
        if OptimizerRegistry.types.contains(where: { $0 == Self.self }) { return object }
        return object.registered(
            as: OptimizerRegistry.custom.registeredName(
                of: ObjectIdentifier(Self.self), className: Self.className))
    }
}
