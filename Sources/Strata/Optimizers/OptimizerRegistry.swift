/// The optimizers by Keras's class names; **one line each**.
enum OptimizerRegistry {
    static let types: [any Optimizer.Type] = [
        Adam.self,
        AdamW.self,
        RMSprop.self,
        SGD.self,
    ]

    /// The optimizer that an object, or a name such as `"adam"`, stands for.
    static func optimizer(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Optimizer
    {
        let object = try SerializedObject(named: value, path: path)
        let type: any Optimizer.Type = try object.find(
            in: types, kind: "optimizer", path: path
        ) { $0.className }
        return try type.init(object.configuration(path: path))
    }
}

/// The schedules by Keras's class names; **one line each**.
enum LearningRateScheduleRegistry {
    static let types: [any LearningRateSchedule.Type] = []
}

extension Configuration {
    /// The step size: a number, or a schedule as an object.
    func learningRate(default fallback: Float) throws(ConfigurationError) -> LearningRate {
        guard let value = value("learning_rate"), case .object = value else {
            return .constant(try float("learning_rate", default: fallback))
        }
        let path = path("learning_rate")
        let object = try SerializedObject(value, path: path)
        let type: any LearningRateSchedule.Type = try object.find(
            in: LearningRateScheduleRegistry.types, kind: "learning rate schedule", path: path
        ) { $0.className }
        return .schedule(try type.init(object.configuration(path: path)))
    }
}

extension OptimizerOptions {
    /// The arguments that all of Keras's optimizers share.
    init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(
            weightDecay: try configuration.optionalFloat("weight_decay"),
            clipnorm: try configuration.optionalFloat("clipnorm"),
            clipvalue: try configuration.optionalFloat("clipvalue"),
            globalClipnorm: try configuration.optionalFloat("global_clipnorm"),
            useEMA: try configuration.bool("use_ema", default: false),
            emaMomentum: try configuration.float("ema_momentum", default: 0.99),
            emaOverwriteFrequency: try configuration.optionalInt("ema_overwrite_frequency"),
            lossScaleFactor: try configuration.optionalFloat("loss_scale_factor"),
            gradientAccumulationSteps: try configuration.optionalInt(
                "gradient_accumulation_steps"), name: try configuration.optionalString("name"))
        for (key, count) in [
            ("gradient_accumulation_steps", gradientAccumulationSteps),
            ("ema_overwrite_frequency", emaOverwriteFrequency),
        ] where count.map({ $0 < 1 }) == true {
            throw configuration.failure(key, "should be 1 or more")
        }
    }
}

extension Optimizer {
    /// All arguments by Keras's names.
    public var config: [String: JSONValue] {
        let rate: JSONValue =
            switch learningRate {
            case .constant(let rate): .float(rate)
            case .schedule(let schedule): schedule.serialized.json
            }
        let shared: [String: JSONValue] = [
            "name": .string(options.name ?? LayerNames.snakeCase(Self.className)),
            "learning_rate": rate, "weight_decay": options.weightDecay.map(JSONValue.float) ?? .null,
            "clipnorm": options.clipnorm.map(JSONValue.float) ?? .null,
            "global_clipnorm": options.globalClipnorm.map(JSONValue.float) ?? .null,
            "clipvalue": options.clipvalue.map(JSONValue.float) ?? .null,
            "use_ema": .bool(options.useEMA), "ema_momentum": .float(options.emaMomentum),
            "ema_overwrite_frequency": options.emaOverwriteFrequency.map(JSONValue.integer)
                ?? .null,
            "loss_scale_factor": options.lossScaleFactor.map(JSONValue.float) ?? .null,
            "gradient_accumulation_steps": options.gradientAccumulationSteps.map(
                JSONValue.integer) ?? .null,
        ]
        return shared.merging(ownConfig) { _, own in own }
    }

    /// The optimizer as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(module: "keras.optimizers", className: Self.className, config: config)
    }
}

extension LearningRateSchedule {
    /// The schedule as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(
            module: "keras.optimizers.schedules", className: Self.className, config: config)
    }
}
