extension Applications {
    /// Xception: residual blocks of separable convolutions.
    ///
    /// Chollet, 2016 (arXiv 1610.02357). Keras 3.15.1 `Xception`; ``Applications`` explains the
    /// arguments.
    public static func xception(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "xception"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try model(name, ending, inputShape: inputShape, size: 299, minimum: 71) { image in
            var x = entry(image, 32, strides: 2, "block1_conv1")
            x = entry(x, 64, strides: 1, "block1_conv2")
            x = shrinking(x, [128, 128], block: 2, firstIsActivated: false)
            x = shrinking(x, [256, 256], block: 3)
            x = shrinking(x, [728, 728], block: 4)
            for block in 5...12 {
                var y = x
                for number in 1...3 {
                    y = Activation(.relu, name: "block\(block)_sepconv\(number)_act")(y)
                    y = separable(y, 728, "block\(block)_sepconv\(number)")
                }
                x = Add()([y, x])
            }
            x = shrinking(x, [728, 1024], block: 13)
            for (number, filters) in [1536, 2048].enumerated() {
                let layer = "block14_sepconv\(number + 1)"
                x = Activation(.relu, name: "\(layer)_act")(separable(x, filters, layer))
            }
            return ending.finished(x, namesPooling: false)
        }
    }

    private static func entry(
        _ x: SymbolicTensor, _ filters: Int, strides: SpatialSize, _ name: String
    ) -> SymbolicTensor {
        let y = Conv2D(filters, kernelSize: 3, strides: strides, useBias: false, name: name)(x)
        return Activation(.relu, name: "\(name)_act")(BatchNormalization(name: "\(name)_bn")(y))
    }

    private static func separable(_ x: SymbolicTensor, _ filters: Int, _ name: String)
        -> SymbolicTensor
    {
        let y = SeparableConv2D(
            filters, kernelSize: 3, padding: .same, useBias: false, name: name)(x)
        return BatchNormalization(name: "\(name)_bn")(y)
    }

    /// A block that halves the image, like its shortcut convolution.
    private static func shrinking(
        _ x: SymbolicTensor, _ filters: [Int], block: Int, firstIsActivated: Bool = true
    ) -> SymbolicTensor {
        let name = "block\(block)"
        var beside = Conv2D(
            filters.last ?? 0, kernelSize: 1, strides: 2, padding: .same, useBias: false)(x)
        beside = BatchNormalization()(beside)
        var y = x
        for (index, count) in filters.enumerated() {
            let layer = "\(name)_sepconv\(index + 1)"
            if index > 0 || firstIsActivated { y = Activation(.relu, name: "\(layer)_act")(y) }
            y = separable(y, count, layer)
        }
        y = MaxPooling2D(3, strides: 2, padding: .same, name: "\(name)_pool")(y)
        return Add()([y, beside])
    }
}
