internal import Foundation

/// The arguments that all of Keras's optimizers share.
public struct OptimizerOptions: Sendable, Hashable {
    /// The weight decay in a step, relative to the learning rate.
    public var weightDecay: Float?
    /// Weights whose names match these regular expressions have no weight decay.
    ///
    /// Keras's `exclude_from_weight_decay(var_names:)`; not saved, as in Keras.
    public var excludedFromWeightDecay: [String] = []
    /// Clips the norm of each weight's gradient; excludes the other two.
    public var clipnorm: Float?
    /// Clips the absolute value of each element of a gradient; excludes the other two.
    public var clipvalue: Float?
    /// Clips the norm of all gradients together; excludes the other two.
    public var globalClipnorm: Float?
    /// Whether an exponential moving average of the weights is kept.
    public var useEMA = false
    public var emaMomentum: Float = 0.99
    /// The number of steps after which the weights are set to their average; only at the end if
    /// left out.
    public var emaOverwriteFrequency: Int?
    /// The factor of the loss by which the gradients are divided again.
    public var lossScaleFactor: Float?
    /// The number of batches whose gradients are accumulated for one update; 2 or more.
    public var gradientAccumulationSteps: Int?
    /// The name in files; Keras's own for the class if left out.
    public var name: String?

    public init(
        weightDecay: Double? = nil, excludedFromWeightDecay: [String] = [], clipnorm: Double? = nil,
        clipvalue: Double? = nil, globalClipnorm: Double? = nil, useEMA: Bool = false,
        emaMomentum: Double = 0.99, emaOverwriteFrequency: Int? = nil,
        lossScaleFactor: Double? = nil, gradientAccumulationSteps: Int? = nil, name: String? = nil
    ) {
        self.weightDecay = weightDecay.map { Float($0) }
        self.excludedFromWeightDecay = excludedFromWeightDecay
        self.clipnorm = clipnorm.map { Float($0) }
        self.clipvalue = clipvalue.map { Float($0) }
        self.globalClipnorm = globalClipnorm.map { Float($0) }
        self.useEMA = useEMA
        self.emaMomentum = Float(emaMomentum)
        self.emaOverwriteFrequency = emaOverwriteFrequency
        self.lossScaleFactor = lossScaleFactor.map { Float($0) }
        self.gradientAccumulationSteps = gradientAccumulationSteps
        self.name = name
    }

    /// Reads Keras's `get_config()`.
    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        weightDecay = try configuration.optionalFloat("weight_decay")
        clipnorm = try configuration.optionalFloat("clipnorm")
        clipvalue = try configuration.optionalFloat("clipvalue")
        globalClipnorm = try configuration.optionalFloat("global_clipnorm")
        useEMA = try configuration.bool("use_ema", default: useEMA)
        emaMomentum = try configuration.float("ema_momentum", default: emaMomentum)
        emaOverwriteFrequency = try configuration.optionalInt("ema_overwrite_frequency")
        lossScaleFactor = try configuration.optionalFloat("loss_scale_factor")
        gradientAccumulationSteps = try configuration.optionalInt("gradient_accumulation_steps")
        name = try configuration.optionalString("name")
        if [clipnorm, clipvalue, globalClipnorm].compactMap({ $0 }).count > 1 {
            throw configuration.failure(
                "clipnorm", "excludes clipvalue and global_clipnorm: keep one of them")
        }
        if let steps = gradientAccumulationSteps, steps < 2 {
            throw configuration.failure(
                "gradient_accumulation_steps", "should be 2 or more, but is \(steps)")
        }
    }

    var config: [String: JSONValue] {
        [
            "weight_decay": JSONValue(weightDecay), "clipnorm": JSONValue(clipnorm),
            "global_clipnorm": JSONValue(globalClipnorm), "clipvalue": JSONValue(clipvalue),
            "use_ema": .bool(useEMA), "ema_momentum": JSONValue(emaMomentum),
            "ema_overwrite_frequency": JSONValue(emaOverwriteFrequency),
            "loss_scale_factor": JSONValue(lossScaleFactor),
            "gradient_accumulation_steps": JSONValue(gradientAccumulationSteps),
        ]
    }

    /// Whether a weight of this name has weight decay.
    func decays(_ name: String) -> Bool {
        !excludedFromWeightDecay.contains {
            name.range(of: $0, options: .regularExpression) != nil
        }
    }
}
