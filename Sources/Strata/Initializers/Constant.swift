/// A constant value.
///
/// Keras 3.15.1 `Constant`.
public struct Constant: Initializer {
    public static let className = "Constant"
    public var value: Float

    public init(_ value: Double = 0) {
        self.value = Float(value)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        value = try configuration.float("value", default: value)
    }

    public var config: [String: JSONValue] { ["value": JSONValue(value)] }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        Tensor(repeating: value, shape: shape)
    }
}

extension Initializer where Self == Constant {
    /// A constant value.
    public static func constant(_ value: Double) -> Constant { Constant(value) }

    /// A constant value, from a `Float` variable.
    @_disfavoredOverload
    public static func constant(_ value: Float) -> Constant {
        var constant = Constant()
        constant.value = value
        return constant
    }
}
