/// Uniform random values in `minval ..< maxval`.
///
/// Keras 3.15.1 `RandomUniform`.
public struct RandomUniform: Initializer {
    public static let className = "RandomUniform"
    public var minval: Float
    public var maxval: Float
    /// The random seed; `nil` draws from the program's stream.
    public var seed: Int?

    public init(minval: Double = -0.05, maxval: Double = 0.05, seed: Int? = nil) {
        self.minval = Float(minval)
        self.maxval = Float(maxval)
        self.seed = seed
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        minval = try configuration.float("minval", default: minval)
        maxval = try configuration.float("maxval", default: maxval)
        seed = try configuration.seed()
    }

    public var config: [String: JSONValue] {
        ["minval": JSONValue(minval), "maxval": JSONValue(maxval), "seed": JSONValue(seed)]
    }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        generator.tensor(shape, seed: seed) { minval + (maxval - minval) * $0.uniform() }
    }
}

extension Initializer where Self == RandomUniform {
    /// Uniform random values in `minval ..< maxval`.
    public static func randomUniform(minval: Double = -0.05, maxval: Double = 0.05)
        -> RandomUniform
    {
        RandomUniform(minval: minval, maxval: maxval)
    }
}
