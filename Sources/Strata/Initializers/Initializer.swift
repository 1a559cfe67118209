/// The rule for a weight's initial values.
public protocol Initializer: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// Keras's arguments.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The reason why this rule cannot initialize a weight of `shape`; `nil` if it can.
    func problem(shape: [Int]) -> GraphError.Problem?

    /// Values for a weight of `shape`; random values come from `generator`.
    func values(shape: [Int], generator: inout RandomGenerator) -> Tensor
}

extension Initializer {
    public func problem(shape: [Int]) -> GraphError.Problem? { nil }

    /// The initializer as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(
            module: "keras.initializers", className: Self.className, config: config)
    }
}
