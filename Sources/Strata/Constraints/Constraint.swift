/// A rule that a weight is brought back to after every update.
public protocol Constraint: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// Keras's arguments.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The weight within the rule.
    func constrained(_ weight: SymbolicTensor) -> SymbolicTensor
}

extension Constraint {
    /// The constraint as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(
            module: "keras.constraints", className: Self.className, config: config)
    }
}
