/// The arguments of the initializers that draw from a normal distribution.
protocol NormalArguments: Initializer {
    var mean: Float { get set }
    var stddev: Float { get set }
    var seed: Int? { get set }
}

extension NormalArguments {
    /// Reads the arguments; what is not there stays.
    mutating func read(_ configuration: Configuration) throws(ConfigurationError) {
        mean = try configuration.float("mean", default: mean)
        stddev = try configuration.float("stddev", default: stddev)
        seed = try configuration.seed()
    }

    var normalConfig: [String: JSONValue] {
        ["mean": JSONValue(mean), "stddev": JSONValue(stddev), "seed": JSONValue(seed)]
    }
}
