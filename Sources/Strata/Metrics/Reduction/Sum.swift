/// The sum of the predictions; targets are not used.
///
/// Keras 3.15.1 `Sum`.
public struct Sum: Metric {
    public static let className = "Sum"
    public var name: String

    public init(name: String = Self.defaultName) {
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] { [Tensor(0)] }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let samples = SampleValues(predictions.cast(to: .float32), weight: sampleWeight) {
            $0.sum(axes: $1)
        }
        return [state[0] + samples.values.sum()]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor { state[0] }
}
