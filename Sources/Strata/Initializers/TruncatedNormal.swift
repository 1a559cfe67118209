/// Random numbers from the normal distribution without what lies beyond two deviations.
///
/// What is cut off is drawn anew, so that the numbers deviate by 0.8796 · `stddev`. Keras 3.15.1
/// `TruncatedNormal`.
public struct TruncatedNormal: Initializer, NormalArguments {
    public static let className = "TruncatedNormal"
    public var mean: Float
    /// The standard deviation before the cut.
    public var stddev: Float
    /// Fixes the numbers; `nil` draws from the program's own stream.
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
    /// Random numbers from the normal distribution without what lies beyond two deviations.
    public static func truncatedNormal(mean: Double = 0, stddev: Double = 0.05) -> TruncatedNormal {
        TruncatedNormal(mean: mean, stddev: stddev)
    }
}
