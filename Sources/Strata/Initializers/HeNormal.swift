/// Truncated normal values with standard deviation √(2 / fan-in), for layers with ReLU.
///
/// He et al., 2015 (arXiv 1502.01852); Keras 3.15.1 `HeNormal`.
public struct HeNormal: FanScaledInitializer {
    public static let className = "HeNormal"
    public static let rule = VarianceScaling(scale: 2)
    public var seed: Int?
    public var inputAxes: [Int]?
    public var outputAxes: [Int]?

    public init(seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }
}

extension Initializer where Self == HeNormal {
    /// Truncated normal values with standard deviation √(2 / fan-in), for layers with ReLU.
    public static var heNormal: HeNormal { HeNormal() }
}
