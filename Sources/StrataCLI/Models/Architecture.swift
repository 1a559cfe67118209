import Strata

/// The networks that can be created by name.
enum Architecture: String, CaseIterable {
    case strided
    case lenet5
    case vgg
    case photo

    /// A model without trained weights.
    ///
    /// - Parameters:
    ///   - shape: the shape of an image, `[height, width, channels]`.
    ///   - classes: the number of classes.
    ///   - isRescaled: whether the model first scales pixels from 0 … 255 to 0 … 1.
    ///   - isAugmented: whether images are randomly flipped and translated while training.
    func model(
        shape: [Int], classes: Int, isRescaled: Bool, isAugmented: Bool = false
    ) throws -> Model {
        let input = Input(shape: Shape(shape))
        var x = isRescaled ? Rescaling(1 / 255.0)(input) : input
        if isAugmented { x = RandomTranslation(0.1, 0.1)(RandomFlip(.horizontal)(x)) }
        let features =
            switch self {
            case .strided: Architecture.strided(x)
            case .lenet5: Architecture.lenet5(x)
            case .vgg: Architecture.vgg(x)
            case .photo: Architecture.photo(x)
            }
        return try Model(
            inputs: input, outputs: Dense(classes, activation: .softmax)(features))
    }

    /// Three strided convolutions with dropout after each, and a dense layer.
    private static func strided(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = input
        for filters in [32, 64, 128] {
            x = Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)(x)
            x = Dropout(0.2)(x)
        }
        return Dropout(0.2)(Dense(512, activation: .relu)(Flatten()(x)))
    }

    /// LeCun et al., 1998, with average pooling and tanh.
    private static func lenet5(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = Conv2D(6, kernelSize: 5, padding: .same, activation: .tanh)(input)
        x = AveragePooling2D(2)(x)
        x = AveragePooling2D(2)(Conv2D(16, kernelSize: 5, activation: .tanh)(x))
        x = Dense(120, activation: .tanh)(Flatten()(x))
        return Dense(84, activation: .tanh)(x)
    }

    /// Pairs of convolutions with batch normalization, as in VGG (Simonyan and Zisserman, 2014).
    private static func vgg(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = input
        for filters in [32, 64, 128] {
            for _ in 0..<2 {
                x = Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)(x)
                x = BatchNormalization()(x)
            }
            x = MaxPooling2D(2)(x)
        }
        x = Dropout(0.2)(Flatten()(x))
        return Dropout(0.2)(Dense(1024, activation: .relu)(x))
    }

    /// For few photographs: augmentation while training, four convolutions that halve the image,
    /// and global average pooling.
    private static func photo(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = RandomFlip(.horizontal)(input)
        x = RandomRotation(0.05)(x)
        x = RandomTranslation(0.1, 0.1)(x)
        x = RandomZoom(0.2)(x)
        x = RandomBrightness(0.1, valueRange: 0...1)(x)
        for filters in [32, 64, 128, 128] {
            x = Conv2D(filters, kernelSize: 3, padding: .same, useBias: false)(x)
            x = Activation(.relu)(BatchNormalization()(x))
            x = MaxPooling2D(2, padding: .same)(x)
        }
        return Dropout(0.3)(GlobalAveragePooling2D()(x))
    }
}
