/// Base class of layers that wrap another layer.
///
/// Keras 3.15.1 `Wrapper`.
public class WrapperLayer: Layer {
    /// The inner layer; its weights are this one's.
    public let layer: Layer

    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - layer: the inner layer.
    ///   - name: unique within a model.
    public init(_ layer: Layer, name: String? = nil) {
        self.layer = layer
        super.init(name: name)
    }

    public override var trackedLayers: [TrackedLayers] { [.layer("layer", layer)] }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try layer.buildIfNeeded(inputShapes)
    }

    public override var config: [String: JSONValue] { ["layer": layer.serialized.json] }
}

extension Configuration {
    /// The layer within a wrapper.
    func wrappedLayer() throws(ConfigurationError) -> Layer {
        guard let value = value("layer") else { throw failure("layer", "is missing") }
        return try LayerRegistry.layer(
            SerializedObject(value, path: path("layer")), path: path("layer"))
    }
}
