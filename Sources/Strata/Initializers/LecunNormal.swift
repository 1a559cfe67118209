/// Truncated normal values with standard deviation √(1 / fan-in), for layers with SELU.
///
/// Klambauer et al., 2017 (arXiv 1706.02515); Keras 3.15.1 `LecunNormal`.
public struct LecunNormal: FanScaledInitializer {
    public static let className = "LecunNormal"
    public static let rule = VarianceScaling()
    public var seed: Int?
    public var inputAxes: [Int]?
    public var outputAxes: [Int]?

    public init(seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }
}

extension Initializer where Self == LecunNormal {
    /// Truncated normal values with standard deviation √(1 / fan-in), for layers with SELU.
    public static var lecunNormal: LecunNormal { LecunNormal() }
}
