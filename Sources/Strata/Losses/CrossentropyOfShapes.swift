/// Binary, categorical or sparse categorical crossentropy, chosen by the shapes.
///
/// Keras 3.15.1's strings `"crossentropy"` and `"ce"`; ``AccuracyOfShapes`` has the rule.
public struct CrossentropyOfShapes: Loss {
    public static let className = "crossentropy"
    public var reduction = LossReduction.sumOverBatchSize
    public var name: String

    /// - Parameter name: in logs; `crossentropy` or `ce`, as the user wrote it.
    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    /// The name alone, as Keras saves it.
    public var json: JSONValue { .string(name) }

    private func choice(targets: Shape, predictions: Shape) -> any Loss {
        switch TargetKind(targets: targets, predictions: predictions) {
        case .binary: BinaryCrossentropy()
        case .sparseCategorical: SparseCategoricalCrossentropy()
        case .categorical: CategoricalCrossentropy()
        }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        choice(targets: targets.shape, predictions: predictions.shape)
            .values(targets: targets, predictions: predictions)
    }

    public func problem(targets: Tensor, predictions: Shape) -> GraphError.Problem? {
        choice(targets: Shape(targets.shape), predictions: predictions)
            .problem(targets: targets, predictions: predictions)
    }
}

extension Loss where Self == CrossentropyOfShapes {
    /// Binary, categorical or sparse categorical crossentropy, chosen by the shapes.
    public static var crossentropy: CrossentropyOfShapes { CrossentropyOfShapes() }
}
