/// Gives what it gets.
///
/// Keras 3.15.1 `Identity`.
public final class Identity: Layer, SerializableLayer {
    public convenience init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(name: try configuration.layerName())
    }

    public override var supportsMasking: Bool { true }
}
