extension Applications {
    /// ResNetV2 of 50 layers, with pre-activation.
    ///
    /// He et al., 2016 (arXiv 1603.05027). Keras 3.15.1 `ResNet50V2`; ``Applications``
    /// explains the arguments.
    public static func resNet50V2(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "resnet50v2"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try resNetV2(name, ending, inputShape, blocks: [3, 4, 6, 3])
    }

    /// ResNetV2 of 101 layers, with pre-activation.
    ///
    /// He et al., 2016 (arXiv 1603.05027). Keras 3.15.1 `ResNet101V2`; ``Applications``
    /// explains the arguments.
    public static func resNet101V2(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "resnet101v2"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try resNetV2(name, ending, inputShape, blocks: [3, 4, 23, 3])
    }

    /// ResNetV2 of 152 layers, with pre-activation.
    ///
    /// He et al., 2016 (arXiv 1603.05027). Keras 3.15.1 `ResNet152V2`; ``Applications``
    /// explains the arguments.
    public static func resNet152V2(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "resnet152v2"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try resNetV2(name, ending, inputShape, blocks: [3, 8, 36, 3])
    }

    private static func resNetV2(
        _ name: String, _ ending: Ending, _ inputShape: Shape?, blocks: [Int]
    ) throws -> Model {
        try model(name, ending, inputShape: inputShape, size: 224, minimum: 32) { image in
            var x = resNetStem(image, isPreactivated: true)
            for (stage, count) in blocks.enumerated() {
                for number in 1...count {
                    // The last stage does not reduce the image.
                    let halves = number == count && stage < blocks.count - 1
                    x = preactivatedBottleneck(
                        x, filters: 64 << stage, strides: halves ? 2 : 1,
                        isProjected: number == 1, name: "conv\(stage + 2)_block\(number)")
                }
            }
            x = Activation(.relu, name: "post_relu")(resNetNormalized(x, "post_bn"))
            return ending.finished(x)
        }
    }

    private static func preactivatedBottleneck(
        _ x: SymbolicTensor, filters: Int, strides: SpatialSize, isProjected: Bool, name: String
    ) -> SymbolicTensor {
        let active = Activation(.relu, name: "\(name)_preact_relu")(
            resNetNormalized(x, "\(name)_preact_bn"))
        var shortcut = x
        if isProjected {
            shortcut = Conv2D(
                4 * filters, kernelSize: 1, strides: strides, name: "\(name)_0_conv")(active)
        } else if strides != 1 {
            shortcut = MaxPooling2D(1, strides: strides)(x)
        }
        var y = Conv2D(filters, kernelSize: 1, useBias: false, name: "\(name)_1_conv")(active)
        y = Activation(.relu, name: "\(name)_1_relu")(resNetNormalized(y, "\(name)_1_bn"))
        y = ZeroPadding2D(1, name: "\(name)_2_pad")(y)
        y = Conv2D(
            filters, kernelSize: 3, strides: strides, useBias: false, name: "\(name)_2_conv")(y)
        y = Activation(.relu, name: "\(name)_2_relu")(resNetNormalized(y, "\(name)_2_bn"))
        y = Conv2D(4 * filters, kernelSize: 1, name: "\(name)_3_conv")(y)
        return Add(name: "\(name)_out")([shortcut, y])
    }
}
