/// The update rule of training: computes new weights from gradients.
///
/// An optimizer is the rule only; ``OptimizerState`` holds its variables while a model trains. To
/// write one, declare the slots of a weight in ``slots(name:shape:)``, and compute the new weight
/// and its new slots in ``updated(_:gradient:slots:_:)``.
public protocol Optimizer: Sendable {
    /// Keras's name of the class.
    static var className: String { get }

    var learningRate: LearningRate { get set }
    /// Options that all optimizers share: weight decay, clipping, averages.
    var options: OptimizerOptions { get set }

    /// The arguments of this optimizer only, by Keras's names.
    var ownConfig: [String: JSONValue] { get }

    /// All arguments by Keras's names.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The slots of a weight of this name and shape.
    func slots(name: String, shape: [Int]) -> [OptimizerSlot]

    /// Scalars that are shared by all weights, by Keras's names, with their initial values.
    var sharedSlots: [(name: String, value: Float)] { get }

    /// The weight decay in a step, relative to the learning rate; `nil` for none.
    func weightDecay(name: String, shape: [Int]) -> Float?

    /// New values of the shared scalars.
    func updatedShared(_ values: [SymbolicTensor], step: SymbolicTensor) -> [SymbolicTensor]

    /// New values of a weight and of its slots.
    ///
    /// - Parameters:
    ///   - weight: the weight before the step, after weight decay.
    ///   - gradient: the gradient of the loss, after clipping.
    ///   - slots: the weight's slots before the step.
    ///   - context: the learning rate and the number of the step.
    func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor])
}

/// The inputs of an optimizer's step beside the weight.
public struct OptimizerContext: Sendable {
    /// The learning rate, a scalar.
    public let learningRate: SymbolicTensor
    /// 1 in the first step, a `float32` scalar.
    public let step: SymbolicTensor
    /// The shared scalars, after their update.
    public let shared: [SymbolicTensor]
    /// The weight's name and shape.
    public let name: String
    public let shape: [Int]
}

/// A variable that an optimizer has for each weight.
public struct OptimizerSlot: Sendable, Hashable {
    /// The end of the name in files: `momentum` for `kernel_momentum`.
    public var name: String
    /// The initial value.
    public var initialValue: Float
    /// Slots of one group are interleaved by weight in Keras's order (`m₀ v₀ m₁ v₁`); groups follow
    /// each other in ascending order.
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
