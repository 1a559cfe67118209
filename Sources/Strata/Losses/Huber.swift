/// Huber loss: half the squared error up to `delta`, linear beyond it; the mean over the last axis.
///
/// Huber, 1964; Keras 3.15.1 `Huber`.
public struct Huber: Loss {
    public static let className = "Huber"
    public static let defaultName = "huber_loss"
    /// The error from which the loss is linear.
    public var delta: Float
    public var reduction: LossReduction
    public var name: String

    public init(
        delta: Double = 1, reduction: LossReduction = .sumOverBatchSize,
        name: String = Self.defaultName
    ) {
        self.delta = Float(delta)
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        delta = try configuration.float("delta", default: delta)
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    /// Keras omits `delta`; it is written here if it is not 1, so that it is not lost.
    public var config: [String: JSONValue] {
        delta == 1 ? baseConfig : baseConfig.merging(["delta": JSONValue(delta)]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let error = predictions - targets
        let size = error.absolute()
        return size.lessOrEqual(to: delta)
            .select(error.square() * 0.5, size * delta - 0.5 * delta * delta)
            .mean(axes: [-1])
    }
}

extension Loss where Self == Huber {
    /// Huber loss: half the squared error up to `delta`, linear beyond it.
    public static func huber(delta: Double = 1) -> Huber { Huber(delta: delta) }
}
