internal import Strata

/// A layer of a network, from which both the layer and its line of Swift follow.
enum NetworkLayer: Sendable, Hashable {
    /// Bytes to 0 … 1.
    case rescaling
    case horizontalFlip
    /// Shifts by up to a fraction of the image, in both directions.
    case translation(Float)
    case convolution(
        filters: Int, kernelSize: Int, strides: Int, padding: NetworkPadding,
        activation: NetworkActivation?)
    case batchNormalization
    case activation(NetworkActivation)
    case maxPooling(poolSize: Int)
    case averagePooling(poolSize: Int)
    case flatten
    case globalAveragePooling
    case globalMaxPooling
    case dropout(Float)
    case dense(Int, activation: NetworkActivation)
    case classes(Int)
}

/// How the convolutions of a network treat the borders of an image.
enum NetworkPadding: String, Sendable, CaseIterable, HyperParameterConvertible {
    case same
    case valid

    var padding: Padding {
        switch self {
        case .same: .same
        case .valid: .valid
        }
    }
}

/// The activation of a network's hidden layers.
enum NetworkActivation: String, Sendable, CaseIterable, HyperParameterConvertible {
    case relu
    case silu

    var function: ActivationFunction {
        switch self {
        case .relu: .relu
        case .silu: .silu
        }
    }
}

extension NetworkLayer {
    /// A new layer.
    var layer: Layer {
        switch self {
        case .rescaling: Rescaling(1 / 255.0)
        case .horizontalFlip: RandomFlip(.horizontal)
        case .translation(let factor): RandomTranslation(factor, factor)
        case .convolution(let filters, let size, let strides, let padding, let activation):
            // Batch normalization, which comes next if there is no activation, has a bias.
            Conv2D(
                filters, kernelSize: size, strides: strides, padding: padding.padding,
                activation: activation?.function ?? .linear, useBias: activation != nil)
        case .batchNormalization: BatchNormalization()
        case .activation(let activation): Activation(activation.function)
        case .maxPooling(let size): MaxPooling2D(size, strides: 2)
        case .averagePooling(let size): AveragePooling2D(size, strides: 2)
        case .flatten: Flatten()
        case .globalAveragePooling: GlobalAveragePooling2D()
        case .globalMaxPooling: GlobalMaxPooling2D()
        case .dropout(let rate): Dropout(Double(rate))
        case .dense(let units, let activation): Dense(units, activation: activation.function)
        case .classes(let count): Dense(count, activation: .softmax)
        }
    }

    /// The layer in Swift.
    var source: String {
        switch self {
        case .rescaling: "Rescaling(1 / 255.0)"
        case .horizontalFlip: "RandomFlip(.horizontal)"
        case .translation(let factor): "RandomTranslation(\(factor), \(factor))"
        case .convolution(let filters, let size, let strides, let padding, let activation):
            "Conv2D(\(filters), kernelSize: \(size)"
                + (strides == 1 ? "" : ", strides: \(strides)")
                + (padding == .valid ? "" : ", padding: .\(padding)")
                + (activation.map { ", activation: .\($0))" } ?? ", useBias: false)")
        case .batchNormalization: "BatchNormalization()"
        case .activation(let activation): "Activation(.\(activation))"
        case .maxPooling(let size): "MaxPooling2D(\(size)\(size == 2 ? "" : ", strides: 2"))"
        case .averagePooling(let size):
            "AveragePooling2D(\(size)\(size == 2 ? "" : ", strides: 2"))"
        case .flatten: "Flatten()"
        case .globalAveragePooling: "GlobalAveragePooling2D()"
        case .globalMaxPooling: "GlobalMaxPooling2D()"
        case .dropout(let rate): "Dropout(\(rate))"
        case .dense(let units, let activation): "Dense(\(units), activation: .\(activation))"
        case .classes(let count): "Dense(\(count), activation: .softmax)"
        }
    }
}
