/// A penalty on a weight that is added to the loss.
public protocol Regularizer: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// Keras's arguments.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The penalty, a scalar.
    func penalty(_ weight: SymbolicTensor) -> SymbolicTensor
}

extension Regularizer {
    /// The regularizer as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(
            module: "keras.regularizers", className: Self.className, config: config)
    }
}
