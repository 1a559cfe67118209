/// A quantity that is accumulated over batches to evaluate a model.
///
/// A metric is the rule only; the caller keeps the state, as a model does while it trains.
public protocol Metric: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// The name in logs.
    var name: String { get set }
    /// Keras's arguments, `name` among them.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// The state before the first batch, for targets and predictions of these shapes.
    func initialState(targets: Shape, predictions: Shape) -> [Tensor]

    /// The state after a batch.
    ///
    /// Of several ranks (``Model/distribute(_:)``), what each adds to a state of zeros is summed.
    ///
    /// - Parameters:
    ///   - state: before the batch.
    ///   - targets: as given by the user.
    ///   - predictions: the model's output, `[batch, …]`.
    ///   - sampleWeight: `[batch]` or finer; all 1 if left out.
    func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor]

    /// The metric's value, a scalar unless documented otherwise.
    func result(_ state: [SymbolicTensor]) -> SymbolicTensor

    /// The metric that replaces this one for targets and predictions of these shapes.
    func resolved(targets: Shape, predictions: Shape) -> any Metric

    /// Whether larger values are better; `nil` if unknown.
    var prefersLarger: Bool? { get }

    /// The metric as a configuration of a model names it.
    var json: JSONValue { get }
}

extension Metric {
    public func resolved(targets: Shape, predictions: Shape) -> any Metric { self }

    public var json: JSONValue { serialized.json }

    /// The metric as Keras writes it.
    public var serialized: SerializedObject {
        let object = SerializedObject(
            module: "keras.metrics", className: Self.className, config: config)
        if MetricRegistry.types.contains(where: { $0 == Self.self }) { return object }
        return object.registered(
            as: MetricRegistry.custom.registeredName(
                of: ObjectIdentifier(Self.self), className: Self.className))
    }

    /// The name in logs of a metric that was given none, which Keras makes from the class's name.
    public static var defaultName: String { LayerNames.snakeCase(className) }

    /// `name` and `dtype`, which the configurations of all metrics have.
    var baseConfig: [String: JSONValue] { ["name": .string(name), "dtype": "float32"] }
}
