/// Random values from a normal distribution.
///
/// Keras 3.15.1 `RandomNormal`.
public struct RandomNormal: Initializer, NormalArguments {
    public static let className = "RandomNormal"
    public var mean: Float
    /// The standard deviation.
    public var stddev: Float
    /// The random seed; `nil` draws from the program's stream.
    public var seed: Int?

    public init(mean: Double = 0, stddev: Double = 0.05, seed: Int? = nil) {
        self.mean = Float(mean)
        self.stddev = Float(stddev)
        self.seed = seed
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        try read(configuration)
    }

    public var config: [String: JSONValue] { normalConfig }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        generator.tensor(shape, seed: seed) { mean + stddev * $0.normal() }
    }
}

extension Initializer where Self == RandomNormal {
    /// Random values from a normal distribution.
    public static func randomNormal(mean: Double = 0, stddev: Double = 0.05) -> RandomNormal {
        RandomNormal(mean: mean, stddev: stddev)
    }
}
