extension Applications {
    /// DenseNet of 121 layers: each layer of a block reads all before it.
    ///
    /// Huang et al., 2016 (arXiv 1608.06993). Keras 3.15.1 `DenseNet121`; ``Applications``
    /// explains the arguments.
    public static func denseNet121(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "densenet121"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try denseNet(name, ending, inputShape, blocks: [6, 12, 24, 16])
    }

    /// DenseNet of 169 layers: each layer of a block reads all before it.
    ///
    /// Huang et al., 2016 (arXiv 1608.06993). Keras 3.15.1 `DenseNet169`; ``Applications``
    /// explains the arguments.
    public static func denseNet169(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "densenet169"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try denseNet(name, ending, inputShape, blocks: [6, 12, 32, 32])
    }

    /// DenseNet of 201 layers: each layer of a block reads all before it.
    ///
    /// Huang et al., 2016 (arXiv 1608.06993). Keras 3.15.1 `DenseNet201`; ``Applications``
    /// explains the arguments.
    public static func denseNet201(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "densenet201"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try denseNet(name, ending, inputShape, blocks: [6, 12, 48, 32])
    }

    private static func denseNet(
        _ name: String, _ ending: Ending, _ inputShape: Shape?, blocks: [Int]
    ) throws -> Model {
        try model(name, ending, inputShape: inputShape, size: 224, minimum: 32) { image in
            var x = ZeroPadding2D(3)(image)
            x = Conv2D(64, kernelSize: 7, strides: 2, useBias: false, name: "conv1_conv")(x)
            x = Activation(.relu, name: "conv1_relu")(resNetNormalized(x, "conv1_bn"))
            x = MaxPooling2D(3, strides: 2, name: "pool1")(ZeroPadding2D(1)(x))
            for (index, count) in blocks.enumerated() {
                let number = index + 2
                for layer in 1...count {
                    x = grown(x, by: 32, name: "conv\(number)_block\(layer)")
                }
                if index < blocks.count - 1 { x = halved(x, name: "pool\(number)") }
            }
            x = Activation(.relu, name: "relu")(resNetNormalized(x, "bn"))
            return ending.finished(x)
        }
    }

    /// The image with new channels appended.
    private static func grown(_ x: SymbolicTensor, by channels: Int, name: String)
        -> SymbolicTensor
    {
        var y = Activation(.relu, name: "\(name)_0_relu")(resNetNormalized(x, "\(name)_0_bn"))
        y = Conv2D(4 * channels, kernelSize: 1, useBias: false, name: "\(name)_1_conv")(y)
        y = Activation(.relu, name: "\(name)_1_relu")(resNetNormalized(y, "\(name)_1_bn"))
        y = Conv2D(
            channels, kernelSize: 3, padding: .same, useBias: false, name: "\(name)_2_conv")(y)
        return Concatenate(axis: 3, name: "\(name)_concat")([x, y])
    }

    /// A transition that halves channels, height and width.
    private static func halved(_ x: SymbolicTensor, name: String) -> SymbolicTensor {
        var y = Activation(.relu, name: "\(name)_relu")(resNetNormalized(x, "\(name)_bn"))
        y = Conv2D(
            (x.shape.dimensions.last.flatMap { $0 } ?? 0) / 2, kernelSize: 1, useBias: false,
            name: "\(name)_conv")(y)
        return AveragePooling2D(2, strides: 2, name: "\(name)_pool")(y)
    }
}
