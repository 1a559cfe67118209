/// Uniform random values in ±√(3 / fan-in).
///
/// LeCun et al., 1998, "Efficient BackProp"; Keras 3.15.1 `LecunUniform`.
public struct LecunUniform: FanScaledInitializer {
    public static let className = "LecunUniform"
    public static let rule = VarianceScaling(distribution: .uniform)
    public var seed: Int?
    public var inputAxes: [Int]?
    public var outputAxes: [Int]?

    public init(seed: Int? = nil, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        self.seed = seed
        self.inputAxes = inputAxes
        self.outputAxes = outputAxes
    }
}

extension Initializer where Self == LecunUniform {
    /// Uniform random values in ±√(3 / fan-in).
    public static var lecunUniform: LecunUniform { LecunUniform() }
}
