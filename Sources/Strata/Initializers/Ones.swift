/// Ones.
///
/// Keras 3.15.1 `Ones`.
public struct Ones: Initializer {
    public static let className = "Ones"

    public init() {}

    public init(configuration: Configuration) throws(ConfigurationError) {}

    public var config: [String: JSONValue] { [:] }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        Tensor(repeating: 1, shape: shape)
    }
}

extension Initializer where Self == Ones {
    /// Ones.
    public static var ones: Ones { Ones() }
}
