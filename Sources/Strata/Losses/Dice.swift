/// Dice loss for segmentation: 1 − 2 · overlap / (size of targets + size of predictions).
///
/// Milletari et al., 2016 (arXiv 1606.04797); Keras 3.15.1 `Dice`.
public struct Dice: Loss {
    public static let className = "Dice"
    /// The axes to sum over; all, the batch included, if left out.
    public var axes: [Int]?
    public var reduction: LossReduction
    public var name: String

    public init(
        axes: [Int]? = nil, reduction: LossReduction = .sumOverBatchSize,
        name: String = Self.defaultName
    ) {
        self.axes = axes
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        axes = try configuration.optionalInts("axis")
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging(["axis": axes.map { JSONValue(axes: $0) } ?? .null]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let overlap = (targets * predictions).sum(axes: axes)
        let sizes = targets.sum(axes: axes) + predictions.sum(axes: axes)
        return 1 - overlap * 2 / (sizes + 1e-7)
    }
}

extension Loss where Self == Dice {
    /// Dice loss for segmentation: 1 − 2 · overlap / (size of targets + size of predictions).
    public static func dice(axes: [Int]? = nil) -> Dice { Dice(axes: axes) }
}
