/// The arguments of the normal initializers.
protocol NormalArguments: Initializer {
    var mean: Float { get set }
    var stddev: Float { get set }
    var seed: Int? { get set }
}

extension NormalArguments {
    /// Reads the arguments; missing ones are unchanged.
    mutating func read(_ configuration: Configuration) throws(ConfigurationError) {
        mean = try configuration.float("mean", default: mean)
        stddev = try configuration.float("stddev", default: stddev)
        seed = try configuration.seed()
    }

    var normalConfig: [String: JSONValue] {
        ["mean": JSONValue(mean), "stddev": JSONValue(stddev), "seed": JSONValue(seed)]
    }
}
