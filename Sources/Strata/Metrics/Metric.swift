/// A number that is gathered over batches, to judge a model by.
///
/// A metric is the rule only. Its state is kept by who gathers: a model while it trains, or a
/// ``MetricAccumulator``.
public protocol Metric: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// The name in logs.
    var name: String { get }
    /// Keras's arguments, `name` among them.
    var config: [String: JSONValue] { get }

    init(_ configuration: Configuration) throws(ConfigurationError)

    /// The state before the first batch, for targets and predictions of these shapes.
    func initialState(targets: Shape, predictions: Shape) -> [Tensor]

    /// The state after a batch.
    func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor]

    /// The metric's value, a scalar unless documented otherwise.
    func result(_ state: [SymbolicTensor]) -> SymbolicTensor
}

extension Metric {
    /// The metric as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(module: "keras.metrics", className: Self.className, config: config)
    }
}

/// A metric which is the weighted mean of one value per sample; state: total and count.
public protocol MeanMetric: Metric {
    /// One value for each sample (and each place of the output, where it has several).
    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor
}

extension MeanMetric {
    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        [Tensor(0), Tensor(0)]
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let values = values(targets: targets, predictions: predictions)
        guard var weight = sampleWeight?.cast(to: .float32) else {
            return [state[0] + values.sum(), state[1] + Float(values.shape.elementCount ?? 1)]
        }
        if weight.rank < values.rank {
            let ones = Array(repeating: Int?.some(1), count: values.rank - weight.rank)
            weight = weight.reshaped(Shape(weight.shape.dimensions + ones))
        } else if weight.rank == values.rank + 1, weight.shape[-1] == 1 {
            weight = weight.reshaped(Shape(Array(weight.shape.dimensions.dropLast())))
        }
        let spread = weight.broadcast(to: values.shape)
        return [state[0] + (values * spread).sum(), state[1] + spread.sum()]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        // 0 over 0 is 0, as Keras's divide_no_nan has it.
        state[1].equal(to: 0).select(.constant(0), state[0] / state[1])
    }
}
