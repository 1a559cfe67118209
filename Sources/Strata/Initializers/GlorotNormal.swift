/// Truncated normal values with standard deviation √(2 / (fan-in + fan-out)).
///
/// Glorot and Bengio, 2010; Keras 3.15.1 `GlorotNormal`.
public struct GlorotNormal: FanScaledInitializer {
    public static let className = "GlorotNormal"
    public static let rule = VarianceScaling(mode: .fanAverage)
    public var seed: Int?
    public var inputAxes: [Int]?
    public var outputAxes: [Int]?

    public init(seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }
}

extension Initializer where Self == GlorotNormal {
    /// Truncated normal values with standard deviation √(2 / (fan-in + fan-out)).
    public static var glorotNormal: GlorotNormal { GlorotNormal() }
}
