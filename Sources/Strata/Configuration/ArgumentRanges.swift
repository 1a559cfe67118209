/// The valid ranges of the arguments of Keras's optimizers, schedules, losses and metrics.
///
/// An argument has one meaning wherever its name occurs, so its range follows from the name; a
/// class that differs has an entry with the class's name. Numbers must be finite in any case.
enum ArgumentRanges {
    private enum Range: String {
        case atLeastZero = "a finite value of 0 or more"
        case aboveZero = "a finite value above 0"
        case atMostZero = "a finite value of 0 or less"
        case fraction = "a value from 0 to 1"
        case belowOne = "a value from 0 to below 1"
        case insideOne = "a value between 0 and 1"
        case fractionAboveZero = "a value above 0, up to 1"
        case oneOrMore = "1 or more"
        case twoOrMore = "2 or more"

        func contains(_ value: Double) -> Bool {
            switch self {
            case .atLeastZero: value >= 0
            case .aboveZero: value > 0
            case .atMostZero: value <= 0
            case .fraction: value >= 0 && value <= 1
            case .belowOne: value >= 0 && value < 1
            case .insideOne: value > 0 && value < 1
            case .fractionAboveZero: value > 0 && value <= 1
            case .oneOrMore: value >= 1
            case .twoOrMore: value >= 2
            }
        }
    }

    private static let ranges: [String: Range] = [
        // Optimizers.
        "learning_rate": .atLeastZero, "weight_decay": .atLeastZero, "epsilon": .atLeastZero,
        "clipnorm": .atLeastZero, "clipvalue": .atLeastZero, "global_clipnorm": .atLeastZero,
        "ema_momentum": .fraction, "ema_overwrite_frequency": .oneOrMore,
        "loss_scale_factor": .aboveZero, "gradient_accumulation_steps": .twoOrMore,
        "momentum": .fraction, "rho": .fraction, "beta_1": .belowOne, "beta_2": .belowOne,
        "Lion.beta_1": .fractionAboveZero, "Lion.beta_2": .fraction,
        "adam_beta_1": .belowOne, "adam_beta_2": .belowOne, "adam_weight_decay": .atLeastZero,
        "initial_accumulator_value": .atLeastZero, "learning_rate_power": .atMostZero,
        "l1_regularization_strength": .atLeastZero, "l2_regularization_strength": .atLeastZero,
        "l2_shrinkage_regularization_strength": .atLeastZero, "Ftrl.beta": .atLeastZero,
        "epsilon_1": .atLeastZero, "epsilon_2": .atLeastZero, "clip_threshold": .aboveZero,
        "ns_steps": .oneOrMore, "initial_scale": .aboveZero, "dynamic_growth_steps": .oneOrMore,
        // Schedules.
        "initial_learning_rate": .atLeastZero, "end_learning_rate": .atLeastZero,
        "warmup_target": .atLeastZero, "PiecewiseConstantDecay.values": .atLeastZero,
        "decay_rate": .atLeastZero, "decay_steps": .oneOrMore, "first_decay_steps": .oneOrMore,
        "warmup_steps": .atLeastZero, "t_mul": .aboveZero, "m_mul": .atLeastZero,
        // Losses.
        "label_smoothing": .fraction, "delta": .aboveZero, "q": .insideOne,
        "BinaryFocalCrossentropy.gamma": .atLeastZero,
        "CategoricalFocalCrossentropy.gamma": .atLeastZero,
        // Metrics.
        "BinaryAccuracy.threshold": .fraction, "thresholds": .fraction, "precision": .fraction,
        "recall": .fraction, "sensitivity": .fraction, "specificity": .fraction,
        "FBetaScore.beta": .aboveZero, "FBetaScore.threshold": .fractionAboveZero,
        "F1Score.threshold": .fractionAboveZero, "k": .oneOrMore, "AUC.num_thresholds": .twoOrMore,
        "num_thresholds": .oneOrMore, "num_classes": .oneOrMore, "top_k": .oneOrMore,
        "num_labels": .oneOrMore, "num_regressors": .atLeastZero,
    ]

    /// The numbers of classes whose pairs a metric counts.
    static let classCounts = 1...10_000
    /// Arguments that determine memory or are counted on, with their bounds.
    private static let largest = [
        "num_thresholds": 1_000_000, "num_classes": classCounts.upperBound,
        "num_labels": 1_000_000, "num_regressors": Int(Int32.max),
    ]

    /// Checks the arguments of one of Keras's objects, and of those within it.
    ///
    /// - Throws: a ``ModelError`` for the first argument, in order of names, that is out of range.
    static func check(_ object: SerializedObject) throws {
        // The arguments of a custom class have no known range.
        if object.registeredName != nil { return }
        for (key, value) in object.config.sorted(by: { $0.key < $1.key }) {
            try check(value, key, object.className)
        }
        guard object.className == "PiecewiseConstantDecay",
            case .array(let boundaries)? = object.config["boundaries"],
            case .array(let values)? = object.config["values"]
        else { return }
        let steps = boundaries.compactMap(\.integer)
        guard values.count == steps.count + 1, zip(steps, steps.dropFirst()).allSatisfy(<) else {
            throw ModelError(
                .invalidArgument(
                    "\(object.className) has \(values.count) values for the boundaries \(steps)",
                    fix: "give rising boundaries, and one value more than boundaries"))
        }
    }

    private static func check(_ value: JSONValue, _ key: String, _ className: String) throws {
        switch value {
        case .null, .bool, .string: return
        case .object:
            if let inner = try? SerializedObject(value, path: key) { try check(inner) }
        case .array(let elements):
            for element in elements { try check(element, key, className) }
        case .integer(let number):
            if let most = largest[key], number > most {
                throw failure(key, className, "\(number)", "at most \(most)")
            }
            try check(Double(number), "\(number)", key, className)
        case .number(let number):
            try check(number, "\(number)", key, className)
        }
    }

    private static func check(
        _ number: Double, _ text: String, _ key: String, _ className: String
    ) throws {
        let range = ranges["\(className).\(key)"] ?? ranges[key]
        if number.isFinite, range?.contains(number) ?? true { return }
        throw failure(key, className, text, range?.rawValue ?? "a finite value")
    }

    private static func failure(
        _ key: String, _ className: String, _ got: String, _ wanted: String
    ) -> ModelError {
        let words = key.split(separator: "_")
        let name = words.dropFirst().reduce(String(words.first ?? "")) {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
        return ModelError(
            .invalidArgument("\(name) of \(className) is \(got)", fix: "use \(wanted)"))
    }
}
