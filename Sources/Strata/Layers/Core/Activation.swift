/// Applies an activation function.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Source
/// Keras 3.15.1 `Activation`.
public final class Activation: Layer, SerializableLayer {
    public let activation: ActivationFunction

    /// - Parameters:
    ///   - activation: the function.
    ///   - name: unique within a model.
    public init(_ activation: ActivationFunction, name: String? = nil) {
        self.activation = activation
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.activation("activation"), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        activation(x)
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        ["activation": .string(activation.rawValue)]
    }
}
