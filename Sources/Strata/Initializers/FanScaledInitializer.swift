/// A ``VarianceScaling`` with a named scale, mode and distribution: Glorot's, He's, LeCun's.
public protocol FanScaledInitializer: Initializer {
    /// The random seed; `nil` draws from the program's stream.
    var seed: Int? { get }
    /// The input axes; if left out, the last but one and those of the window.
    var inputAxes: [Int]? { get }
    /// The output axes; if left out, the last and those of the window.
    var outputAxes: [Int]? { get }

    init(seed: Int?, inputAxes: [Int]?, outputAxes: [Int]?)

    /// The named rule.
    static var rule: VarianceScaling { get }
}

extension FanScaledInitializer {
    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            seed: try configuration.seed(),
            inputAxes: try configuration.optionalInts("input_axes"),
            outputAxes: try configuration.optionalInts("output_axes"))
    }

    public var config: [String: JSONValue] {
        [
            "seed": JSONValue(seed), "input_axes": JSONValue(inputAxes),
            "output_axes": JSONValue(outputAxes),
        ]
    }

    private var scaling: VarianceScaling {
        var scaling = Self.rule
        scaling.seed = seed
        scaling.inputAxes = inputAxes
        scaling.outputAxes = outputAxes
        return scaling
    }

    public func problem(shape: [Int]) -> GraphError.Problem? { scaling.problem(shape: shape) }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        scaling.values(shape: shape, generator: &generator)
    }
}
