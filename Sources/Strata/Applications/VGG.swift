extension Applications {
    /// VGG16: thirteen convolutions in five blocks, three dense layers.
    ///
    /// Simonyan and Zisserman, 2014 (arXiv 1409.1556). Keras 3.15.1 `VGG16`; ``Applications``
    /// explains the arguments.
    public static func vgg16(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "vgg16"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try vgg(name, ending, inputShape, convolutions: [2, 2, 3, 3, 3])
    }

    /// VGG19: sixteen convolutions in five blocks, three dense layers.
    ///
    /// Simonyan and Zisserman, 2014 (arXiv 1409.1556). Keras 3.15.1 `VGG19`; ``Applications``
    /// explains the arguments.
    public static func vgg19(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "vgg19"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try vgg(name, ending, inputShape, convolutions: [2, 2, 4, 4, 4])
    }

    private static func vgg(
        _ name: String, _ ending: Ending, _ inputShape: Shape?, convolutions: [Int]
    ) throws -> Model {
        try model(name, ending, inputShape: inputShape, size: 224, minimum: 32) { image in
            var x = image
            for (index, count) in convolutions.enumerated() {
                let block = "block\(index + 1)"
                let filters = min(64 << index, 512)
                for number in 1...count {
                    x = Conv2D(
                        filters, kernelSize: 3, padding: .same, activation: .relu,
                        name: "\(block)_conv\(number)")(x)
                }
                x = MaxPooling2D(2, name: "\(block)_pool")(x)
            }
            guard ending.includeTop else { return ending.pooled(x, isNamed: false) }
            x = Flatten(name: "flatten")(x)
            x = Dense(4096, activation: .relu, name: "fc1")(x)
            x = Dense(4096, activation: .relu, name: "fc2")(x)
            return ending.predictions(x)
        }
    }
}
