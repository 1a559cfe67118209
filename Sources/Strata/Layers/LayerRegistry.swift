/// The layers by Keras's class names; **one line each**.
package enum LayerRegistry {
    package static let types: [any SerializableLayer.Type] = [
        Activation.self,
        ActivityRegularization.self,
        AdaptiveAveragePooling1D.self,
        AdaptiveAveragePooling2D.self,
        AdaptiveAveragePooling3D.self,
        AdaptiveMaxPooling1D.self,
        AdaptiveMaxPooling2D.self,
        AdaptiveMaxPooling3D.self,
        Add.self,
        AlphaDropout.self,
        AugMix.self,
        AutoContrast.self,
        Average.self,
        AveragePooling1D.self,
        AveragePooling2D.self,
        AveragePooling3D.self,
        BatchNormalization.self,
        CenterCrop.self,
        Concatenate.self,
        Conv1D.self,
        Conv1DTranspose.self,
        Conv2D.self,
        Conv2DTranspose.self,
        Conv3D.self,
        Conv3DTranspose.self,
        Cropping1D.self,
        Cropping2D.self,
        Cropping3D.self,
        CutMix.self,
        Dense.self,
        DepthwiseConv1D.self,
        DepthwiseConv2D.self,
        Dot.self,
        Dropout.self,
        ELU.self,
        EinsumDense.self,
        Embedding.self,
        Equalization.self,
        Flatten.self,
        GaussianDropout.self,
        GaussianNoise.self,
        GlobalAveragePooling1D.self,
        GlobalAveragePooling2D.self,
        GlobalAveragePooling3D.self,
        GlobalMaxPooling1D.self,
        GlobalMaxPooling2D.self,
        GlobalMaxPooling3D.self,
        GroupNormalization.self,
        Identity.self,
        InputLayer.self,
        LayerNormalization.self,
        LeakyReLU.self,
        Masking.self,
        MaxPooling1D.self,
        MaxPooling2D.self,
        MaxPooling3D.self,
        Maximum.self,
        Minimum.self,
        MixUp.self,
        Multiply.self,
        Normalization.self,
        PReLU.self,
        Permute.self,
        RMSNormalization.self,
        RandAugment.self,
        RandomBrightness.self,
        RandomColorDegeneration.self,
        RandomColorJitter.self,
        RandomContrast.self,
        RandomCrop.self,
        RandomElasticTransform.self,
        RandomErasing.self,
        RandomFlip.self,
        RandomGaussianBlur.self,
        RandomGrayscale.self,
        RandomHue.self,
        RandomInvert.self,
        RandomPerspective.self,
        RandomPosterization.self,
        RandomRotation.self,
        RandomSaturation.self,
        RandomSharpness.self,
        RandomShear.self,
        RandomTranslation.self,
        RandomZoom.self,
        ReLU.self,
        RepeatVector.self,
        Rescaling.self,
        Reshape.self,
        Resizing.self,
        SeparableConv1D.self,
        SeparableConv2D.self,
        Softmax.self,
        Solarization.self,
        SpatialDropout1D.self,
        SpatialDropout2D.self,
        SpatialDropout3D.self,
        SpectralNormalization.self,
        Subtract.self,
        TimeDistributed.self,
        UnitNormalization.self,
        UpSampling1D.self,
        UpSampling2D.self,
        UpSampling3D.self,
        ZeroPadding1D.self,
        ZeroPadding2D.self,
        ZeroPadding3D.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    static let custom = CustomClasses<any SerializableLayer.Type>()

    /// The layer or model for an object, without weights.
    package static func layer(_ object: SerializedObject, path: String) throws(ConfigurationError)
        -> Layer
    {
        try DecodingLimits.takeLayer(at: path)
        let configuration = object.configuration(path: path)
        let layer = try plainLayer(object, configuration, path)
        // An operation's `dtype` is the type of its result, and it has nothing to train.
        if layer is OperationLayer { return layer }
        // Inner layers have their own flags; only a layer that is frozen as a whole is frozen here.
        if try !configuration.layerIsTrainable() { layer.isTrainable = false }
        if !(layer is InputLayer) { layer.dtypePolicy = try configuration.dtypePolicy() }
        // Every layer may have one; those whose own configuration names it have read it.
        if layer.config["activity_regularizer"] == nil {
            layer.activityRegularizer = try configuration.regularizer("activity_regularizer")
        }
        return layer
    }

    private static func plainLayer(
        _ object: SerializedObject, _ configuration: Configuration, _ path: String
    ) throws(ConfigurationError) -> Layer {
        if object.module.hasPrefix("keras.src.ops") {
            return try OperationLayer(object, path: path)
        }
        switch object.className {
        case Sequential.className: return try Sequential(configuration: configuration)
        case Model.className, "Model": return try Model(functional: configuration)
        case "Lambda":
            throw ConfigurationError(
                path: path,
                message: "a Lambda layer holds Python code, which is never run",
                cure: .init("write a layer of your own in its place"))
        default:
            let type: any SerializableLayer.Type = try object.find(
                in: named, custom, kind: "layer", path: path
            )
            return try type.init(configuration: configuration)
        }
    }
}
