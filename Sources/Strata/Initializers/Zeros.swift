/// Zeros.
///
/// Keras 3.15.1 `Zeros`.
public struct Zeros: Initializer {
    public static let className = "Zeros"

    public init() {}

    public init(configuration: Configuration) throws(ConfigurationError) {}

    public var config: [String: JSONValue] { [:] }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        .zeros(shape)
    }
}

extension Initializer where Self == Zeros {
    /// Zeros.
    public static var zeros: Zeros { Zeros() }
}
