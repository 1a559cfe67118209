/// Binary, categorical or sparse categorical accuracy, chosen by the shapes.
///
/// Keras 3.15.1's string `"accuracy"`: predictions with one column are binary; targets with one
/// axis less, or with one column for several of the predictions, are class indices; otherwise both
/// are distributions.
public struct AccuracyOfShapes: MeanMetric {
    public static let className = "accuracy"
    public var name: String

    /// - Parameter name: in logs; `accuracy` or `acc`, as the user wrote it.
    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public var prefersLarger: Bool? { true }

    /// The name alone, as Keras saves it.
    public var json: JSONValue { .string(name) }

    public func resolved(targets: Shape, predictions: Shape) -> any Metric {
        choice(targets: targets, predictions: predictions)
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        choice(targets: targets.shape, predictions: predictions.shape)
            .values(targets: targets, predictions: predictions)
    }

    private func choice(targets: Shape, predictions: Shape) -> any MeanMetric {
        switch TargetKind(targets: targets, predictions: predictions) {
        case .binary: BinaryAccuracy(name: name)
        case .sparseCategorical: SparseCategoricalAccuracy(name: name)
        case .categorical: CategoricalAccuracy(name: name)
        }
    }
}

extension Metric where Self == AccuracyOfShapes {
    /// Binary, categorical or sparse categorical accuracy, chosen by the shapes.
    public static var accuracy: AccuracyOfShapes { AccuracyOfShapes() }
}
