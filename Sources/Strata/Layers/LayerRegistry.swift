/// The layers by Keras's class names; **one line each**.
package enum LayerRegistry {
    package static let types: [any SerializableLayer.Type] = [
        Activation.self,
        Add.self,
        AveragePooling1D.self,
        AveragePooling2D.self,
        AveragePooling3D.self,
        BatchNormalization.self,
        Concatenate.self,
        Conv1D.self,
        Conv2D.self,
        Conv3D.self,
        Dense.self,
        Dropout.self,
        Flatten.self,
        GlobalAveragePooling1D.self,
        GlobalAveragePooling2D.self,
        GlobalAveragePooling3D.self,
        GlobalMaxPooling1D.self,
        GlobalMaxPooling2D.self,
        GlobalMaxPooling3D.self,
        InputLayer.self,
        MaxPooling1D.self,
        MaxPooling2D.self,
        MaxPooling3D.self,
        Rescaling.self,
        Reshape.self,
    ]

    static let custom = CustomClasses<any SerializableLayer.Type>()

    /// The layer or model that an object describes, without weights.
    package static func layer(_ object: SerializedObject, path: String) throws(ConfigurationError)
        -> Layer
    {
        let configuration = object.configuration(path: path)
        let layer = try plainLayer(object, configuration, path)
        // Layers inside say so for themselves; only what is frozen as a whole is frozen here.
        if try !configuration.layerIsTrainable() { layer.isTrainable = false }
        if !(layer is InputLayer) { layer.dtypePolicy = try configuration.dtypePolicy() }
        return layer
    }

    private static func plainLayer(
        _ object: SerializedObject, _ configuration: Configuration, _ path: String
    ) throws(ConfigurationError) -> Layer {
        if object.module.hasPrefix("keras.src.ops") {
            return try OperationLayer(object, path: path)
        }
        switch object.className {
        case Sequential.className: return try Sequential(configuration)
        case Model.className, "Model": return try Model(functional: configuration)
        case "Lambda":
            throw ConfigurationError(
                path: path,
                message: "a Lambda layer holds Python code, which is never run; "
                    + "write a layer of your own in its place")
        default:
            let type: any SerializableLayer.Type = try object.find(
                in: types, custom, kind: "layer", path: path
            ) { $0.className }
            return try type.init(configuration)
        }
    }
}
