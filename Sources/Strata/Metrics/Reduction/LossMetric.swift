/// The mean over samples of a loss.
///
/// Keras has many losses and metrics of one name each; here the metric's ends in `Metric`.
public protocol LossMetric: MeanMetric {
    associatedtype Rule: Loss
    /// The loss of each sample; its name and reduction are not used.
    var loss: Rule { get }
}

extension LossMetric {
    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let (targets, predictions) = SymbolicTensor.aligned(targets, predictions)
        return loss.values(targets: targets, predictions: predictions)
    }

    public func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor? {
        loss.mask(targets: targets, values: values)
    }

    public var config: [String: JSONValue] { baseConfig }
}
