/// The specification of a weight: initializer, regularizer and constraint.
struct WeightSpec: Sendable {
    var initializer: any Initializer
    var regularizer: (any Regularizer)?
    var constraint: (any Constraint)?
}

extension WeightSpec {
    init(
        _ initializer: any Initializer, _ regularizer: (any Regularizer)?,
        _ constraint: (any Constraint)?
    ) {
        self.init(initializer: initializer, regularizer: regularizer, constraint: constraint)
    }

    /// Reads Keras's `kernel_initializer`, `kernel_regularizer` and `kernel_constraint`, or those of
    /// another weight.
    init(
        _ configuration: Configuration, _ weight: String,
        default initializer: any Initializer = .glorotUniform
    ) throws(ConfigurationError) {
        self.initializer = try configuration.initializer(
            "\(weight)_initializer", default: initializer)
        regularizer = try configuration.regularizer("\(weight)_regularizer")
        constraint = try configuration.constraint("\(weight)_constraint")
    }

    /// Keras's members for a weight of this name.
    func config(_ weight: String) -> [String: JSONValue] {
        [
            "\(weight)_initializer": initializer.serialized.json,
            "\(weight)_regularizer": regularizer?.serialized.json ?? .null,
            "\(weight)_constraint": constraint?.serialized.json ?? .null,
        ]
    }
}

extension Layer {
    /// Adds a trainable weight with a specification.
    func addWeight(_ name: String, shape: [Int], _ rule: WeightSpec) {
        addWeight(
            name, shape: shape, initializer: rule.initializer, regularizer: rule.regularizer,
            constraint: rule.constraint)
    }
}
