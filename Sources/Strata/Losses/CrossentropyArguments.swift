/// The arguments that the crossentropies of distributions share.
protocol CrossentropyArguments: Loss {
    var fromLogits: Bool { get set }
    var labelSmoothing: Float { get set }
    var axis: Int { get set }
}

/// The further arguments of the focal crossentropies.
protocol FocalArguments: CrossentropyArguments {
    var alpha: Float { get set }
    var gamma: Float { get set }
}

extension CrossentropyArguments {
    /// Reads the arguments; missing ones are unchanged.
    mutating func read(_ configuration: Configuration) throws(ConfigurationError) {
        fromLogits = try configuration.bool("from_logits", default: fromLogits)
        labelSmoothing = try configuration.float("label_smoothing", default: labelSmoothing)
        axis = try configuration.int("axis", default: axis)
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    var crossentropyConfig: [String: JSONValue] {
        baseConfig.merging([
            "from_logits": .bool(fromLogits), "label_smoothing": JSONValue(labelSmoothing),
            "axis": .integer(axis),
        ]) { $1 }
    }
}

extension FocalArguments {
    /// Reads the arguments; missing ones are unchanged.
    mutating func readFocal(_ configuration: Configuration) throws(ConfigurationError) {
        try read(configuration)
        alpha = try configuration.float("alpha", default: alpha)
        gamma = try configuration.float("gamma", default: gamma)
    }

    var focalConfig: [String: JSONValue] {
        crossentropyConfig.merging(["alpha": JSONValue(alpha), "gamma": JSONValue(gamma)]) { $1 }
    }
}
