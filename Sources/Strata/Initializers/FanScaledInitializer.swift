/// A ``VarianceScaling`` whose scale, mode and distribution have a name: Glorot's, He's, LeCun's.
public protocol FanScaledInitializer: Initializer {
    /// Fixes the numbers; `nil` draws from the program's own stream.
    var seed: Int? { get }
    /// Which axes are the inputs; if left out, the one before the last, times the window.
    var inputAxes: [Int]? { get }
    /// Which axes are the outputs; if left out, the last, times the window.
    var outputAxes: [Int]? { get }

    init(seed: Int?, inputAxes: [Int]?, outputAxes: [Int]?)

    /// The rule that the name stands for.
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
