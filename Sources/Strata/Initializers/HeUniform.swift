/// Uniform random values in ±√(6 / fan-in), for layers with ReLU.
///
/// He et al., 2015 (arXiv 1502.01852); Keras 3.15.1 `HeUniform`.
public struct HeUniform: FanScaledInitializer {
    public static let className = "HeUniform"
    public static let rule = VarianceScaling(scale: 2, distribution: .uniform)
    public var seed: Int?
    public var inputAxes: [Int]?
    public var outputAxes: [Int]?

    public init(seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }
}

extension Initializer where Self == HeUniform {
    /// Uniform random values in ±√(6 / fan-in), for layers with ReLU.
    public static var heUniform: HeUniform { HeUniform() }
}
