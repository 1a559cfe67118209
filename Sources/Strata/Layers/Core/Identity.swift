/// Returns its input.
///
/// Keras 3.15.1 `Identity`.
public final class Identity: Layer, SerializableLayer {
    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(name: try configuration.layerName())
    }

    public override var supportsMasking: Bool { true }
}
