#if Server
import Strata

/// The kinds of layers that the page tells apart.
enum LayerKind: String {
    case input
    case convolution
    case pooling
    case globalPooling
    case normalization
    case activation
    case dropout
    case flatten
    case dense
    case merge
    case preprocessing
    case augmentation
    case model
    case other

    init(_ layer: Layer) {
        self =
            layer is Model
            ? .model
            : Self.kinds[Self.withoutRank(type(of: layer).className)] ?? Self.similar(layer)
    }

    private static func similar(_ layer: Layer) -> LayerKind {
        let name = type(of: layer).className
        return name.hasPrefix("Random") ? .augmentation : .other
    }

    /// `MaxPooling2D` without `2D`.
    private static func withoutRank(_ name: String) -> String {
        ["1D", "2D", "3D"].contains { name.hasSuffix($0) } ? String(name.dropLast(2)) : name
    }

    private static let kinds: [String: LayerKind] = [
        "InputLayer": .input, "Conv": .convolution, "DepthwiseConv": .convolution,
        "SeparableConv": .convolution, "Conv1DTranspose": .convolution,
        "Conv2DTranspose": .convolution, "Conv3DTranspose": .convolution,
        "MaxPooling": .pooling, "AveragePooling": .pooling, "AdaptiveMaxPooling": .pooling,
        "AdaptiveAveragePooling": .pooling, "GlobalMaxPooling": .globalPooling,
        "GlobalAveragePooling": .globalPooling, "BatchNormalization": .normalization,
        "LayerNormalization": .normalization, "GroupNormalization": .normalization,
        "RMSNormalization": .normalization, "UnitNormalization": .normalization,
        "Activation": .activation, "ReLU": .activation, "LeakyReLU": .activation,
        "PReLU": .activation, "ELU": .activation, "Softmax": .activation, "Dropout": .dropout,
        "SpatialDropout": .dropout, "AlphaDropout": .dropout, "GaussianDropout": .dropout,
        "GaussianNoise": .dropout, "Flatten": .flatten, "Dense": .dense, "EinsumDense": .dense,
        "Add": .merge, "Subtract": .merge, "Multiply": .merge, "Average": .merge,
        "Maximum": .merge, "Minimum": .merge, "Concatenate": .merge, "Dot": .merge,
        "Rescaling": .preprocessing, "Resizing": .preprocessing, "CenterCrop": .preprocessing,
        "Normalization": .preprocessing, "AutoContrast": .augmentation,
        "Equalization": .augmentation, "MixUp": .augmentation, "CutMix": .augmentation,
        "AugMix": .augmentation, "RandAugment": .augmentation, "Solarization": .augmentation,
    ]
}
#endif
