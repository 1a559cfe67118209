extension Applications {
    /// ResNet of 50 layers, with bottleneck blocks.
    ///
    /// He et al., 2015 (arXiv 1512.03385). Keras 3.15.1 `ResNet50`; ``Applications``
    /// explains the arguments.
    public static func resNet50(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "resnet50"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try resNet(name, ending, inputShape, blocks: [3, 4, 6, 3])
    }

    /// ResNet of 101 layers, with bottleneck blocks.
    ///
    /// He et al., 2015 (arXiv 1512.03385). Keras 3.15.1 `ResNet101`; ``Applications``
    /// explains the arguments.
    public static func resNet101(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "resnet101"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try resNet(name, ending, inputShape, blocks: [3, 4, 23, 3])
    }

    /// ResNet of 152 layers, with bottleneck blocks.
    ///
    /// He et al., 2015 (arXiv 1512.03385). Keras 3.15.1 `ResNet152`; ``Applications``
    /// explains the arguments.
    public static func resNet152(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "resnet152"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try resNet(name, ending, inputShape, blocks: [3, 8, 36, 3])
    }

    private static func resNet(
        _ name: String, _ ending: Ending, _ inputShape: Shape?, blocks: [Int]
    ) throws -> Model {
        try model(name, ending, inputShape: inputShape, size: 224, minimum: 32) { image in
            var x = resNetStem(image, isPreactivated: false)
            for (stage, count) in blocks.enumerated() {
                for number in 1...count {
                    x = bottleneck(
                        x, filters: 64 << stage, strides: stage > 0 && number == 1 ? 2 : 1,
                        isProjected: number == 1, name: "conv\(stage + 2)_block\(number)")
                }
            }
            return ending.finished(x)
        }
    }

    /// A convolution and a pooling that reduce the image to a quarter of its size; version 2
    /// normalizes later.
    static func resNetStem(_ image: SymbolicTensor, isPreactivated: Bool) -> SymbolicTensor {
        var x = ZeroPadding2D(3, name: "conv1_pad")(image)
        x = Conv2D(64, kernelSize: 7, strides: 2, name: "conv1_conv")(x)
        if !isPreactivated {
            x = resNetNormalized(x, "conv1_bn")
            x = Activation(.relu, name: "conv1_relu")(x)
        }
        x = ZeroPadding2D(1, name: "pool1_pad")(x)
        return MaxPooling2D(3, strides: 2, name: "pool1_pool")(x)
    }

    /// The normalization of residual and dense networks, with the ε of their reference code.
    static func resNetNormalized(_ x: SymbolicTensor, _ name: String) -> SymbolicTensor {
        BatchNormalization(axis: 3, epsilon: 1.001e-5, name: name)(x)
    }

    private static func bottleneck(
        _ x: SymbolicTensor, filters: Int, strides: SpatialSize, isProjected: Bool, name: String
    ) -> SymbolicTensor {
        var shortcut = x
        if isProjected {
            shortcut = Conv2D(
                4 * filters, kernelSize: 1, strides: strides, name: "\(name)_0_conv")(x)
            shortcut = resNetNormalized(shortcut, "\(name)_0_bn")
        }
        var y = Conv2D(filters, kernelSize: 1, strides: strides, name: "\(name)_1_conv")(x)
        y = Activation(.relu, name: "\(name)_1_relu")(resNetNormalized(y, "\(name)_1_bn"))
        y = Conv2D(filters, kernelSize: 3, padding: .same, name: "\(name)_2_conv")(y)
        y = Activation(.relu, name: "\(name)_2_relu")(resNetNormalized(y, "\(name)_2_bn"))
        y = Conv2D(4 * filters, kernelSize: 1, name: "\(name)_3_conv")(y)
        y = resNetNormalized(y, "\(name)_3_bn")
        y = Add(name: "\(name)_add")([shortcut, y])
        return Activation(.relu, name: "\(name)_out")(y)
    }
}
