/// Random values from a normal distribution that is truncated at two standard deviations.
///
/// Values beyond are drawn again, so the result's standard deviation is 0.8796 · `stddev`. Keras
/// 3.15.1 `TruncatedNormal`.
public struct TruncatedNormal: Initializer, NormalArguments {
    public static let className = "TruncatedNormal"
    public var mean: Float
    /// The standard deviation before truncation.
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
        generator.tensor(shape, seed: seed) { mean + stddev * $0.truncatedNormal() }
    }
}

extension Initializer where Self == TruncatedNormal {
    /// Random values from a normal distribution that is truncated at two standard deviations.
    public static func truncatedNormal(mean: Double = 0, stddev: Double = 0.05) -> TruncatedNormal {
        TruncatedNormal(mean: mean, stddev: stddev)
    }
}
