/// A projection applied to a weight after each update.
public protocol Constraint: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// Keras's arguments.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The projected weight.
    func constrained(_ weight: SymbolicTensor) -> SymbolicTensor
}

extension Constraint {
    /// The constraint as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(
            module: "keras.constraints", className: Self.className, config: config)
    }
}
