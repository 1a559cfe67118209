/// Uniform random values in ±√(6 / (fan-in + fan-out)).
///
/// Glorot and Bengio, 2010; Keras 3.15.1 `GlorotUniform`.
public struct GlorotUniform: FanScaledInitializer {
    public static let className = "GlorotUniform"
    public static let rule = VarianceScaling(mode: .fanAverage, distribution: .uniform)
    public var seed: Int?
    public var inputAxes: [Int]?
    public var outputAxes: [Int]?

    public init(seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }
}

extension Initializer where Self == GlorotUniform {
    /// Uniform random values in ±√(6 / (fan-in + fan-out)).
    public static var glorotUniform: GlorotUniform { GlorotUniform() }
}
