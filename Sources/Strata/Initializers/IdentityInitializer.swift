/// `gain` on the diagonal of a matrix and zeros elsewhere.
///
/// Keras 3.15.1 `Identity`, which is also the name of a layer; hence the longer one here, that Keras
/// knows too.
public struct IdentityInitializer: Initializer {
    public static let className = "Identity"
    public var gain: Float

    public init(gain: Double = 1) {
        self.gain = Float(gain)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        gain = try configuration.float("gain", default: gain)
    }

    /// Keras does not write the gain, and so loses it; it reads one if there is one.
    public var config: [String: JSONValue] { gain == 1 ? [:] : ["gain": JSONValue(gain)] }

    public func problem(shape: [Int]) -> GraphError.Problem? {
        shape.count == 2
            ? nil
            : .invalidArgument(
                "the identity initializer makes matrices, but a weight of shape \(shape) is needed",
                fix: "choose another initializer")
    }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        guard problem(shape: shape) == nil else { return .zeros(shape) }
        var values = [Float](repeating: 0, count: shape[0] * shape[1])
        for index in 0..<min(shape[0], shape[1]) { values[index * shape[1] + index] = gain }
        return Tensor(values, shape: shape)
    }
}

extension Initializer where Self == IdentityInitializer {
    /// 1 on the diagonal of a matrix and zeros elsewhere.
    public static var identity: IdentityInitializer { IdentityInitializer() }
}
