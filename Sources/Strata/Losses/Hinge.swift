/// Hinge loss: the mean of max(1 − target · prediction, 0) over the last axis.
///
/// Keras 3.15.1 `Hinge`. Targets are −1 and 1; 0 and 1 are converted.
public struct Hinge: Loss {
    public static let className = "Hinge"
    public var name: String
    public var reduction: LossReduction

    public init(
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        (1 - targets.asSigns() * predictions).relu().mean(axes: [-1])
    }
}

extension Loss where Self == Hinge {
    /// Hinge loss: the mean of max(1 − target · prediction, 0) over the last axis.
    public static var hinge: Hinge { Hinge() }
}

extension SymbolicTensor {
    /// Converts 0 and 1 to −1 and 1 if the batch has no other values.
    ///
    /// Keras 3.15.1 `convert_binary_labels_to_hinge`.
    func asSigns() -> SymbolicTensor {
        let isBinary = equal(to: 0).maximum(equal(to: 1)).min()
        return isBinary.select(self * 2 - 1, self)
    }
}
