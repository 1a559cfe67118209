extension Applications {
    /// MobileNetV2: inverted residual blocks with linear bottlenecks.
    ///
    /// Sandler et al., 2018 (arXiv 1801.04381). Keras 3.15.1 `MobileNetV2`; ``Applications``
    /// explains the arguments that are not here.
    ///
    /// - Parameters:
    ///   - alpha: scales the number of filters, > 0.
    ///   - name: from `alpha` and the image's height if left out, as in Keras.
    public static func mobileNetV2(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        alpha: Double = 1, pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String? = nil
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let height = mobileNetHeight(inputShape, includeTop)
        // Filters, repeats, stride of the first.
        let stages = [
            (16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1),
        ]
        return try model(
            name ?? "mobilenetv2_\(twoPlaces(alpha))_\(height)", ending, inputShape: inputShape,
            size: 224, minimum: 32
        ) { image in
            var x = Conv2D(
                divisibleBy8(32 * alpha), kernelSize: 3, strides: 2, padding: .same, useBias: false,
                name: "Conv1")(image)
            x = ReLU(maxValue: 6, name: "Conv1_relu")(mobileNormalized(x, "bn_Conv1"))
            var number = 0
            for (filters, repeats, stride) in stages {
                for index in 0..<repeats {
                    let width = (Double(filters) * alpha).rounded(.towardZero)
                    x = inverted(
                        x, filters: divisibleBy8(width), stride: index == 0 ? stride : 1,
                        number: number)
                    number += 1
                }
            }
            // The last convolution is widened by alpha, but never narrowed.
            x = Conv2D(
                alpha > 1 ? divisibleBy8(1280 * alpha) : 1280, kernelSize: 1, useBias: false,
                name: "Conv_1")(x)
            x = ReLU(maxValue: 6, name: "out_relu")(mobileNormalized(x, "Conv_1_bn"))
            guard includeTop else { return ending.pooled(x, isNamed: false) }
            return ending.predictions(GlobalAveragePooling2D()(x))
        }
    }

    /// The normalization of MobileNet 2 and 3.
    static func mobileNormalized(_ x: SymbolicTensor, _ name: String) -> SymbolicTensor {
        BatchNormalization(momentum: 0.999, epsilon: 0.001, name: name)(x)
    }

    private static func inverted(
        _ x: SymbolicTensor, filters: Int, stride: Int, number: Int
    ) -> SymbolicTensor {
        let prefix = number == 0 ? "expanded_conv_" : "block_\(number)_"
        let channels = x.shape.dimensions.last.flatMap { $0 } ?? 0
        var y = x
        if number > 0 {
            y = Conv2D(
                6 * channels, kernelSize: 1, padding: .same, useBias: false,
                name: "\(prefix)expand")(y)
            y = ReLU(maxValue: 6, name: "\(prefix)expand_relu")(
                mobileNormalized(y, "\(prefix)expand_BN"))
        }
        if stride == 2 {
            y = ZeroPadding2D(marginsForHalving(y, kernelSize: 3), name: "\(prefix)pad")(y)
        }
        y = DepthwiseConv2D(
            3, strides: SpatialSize([stride]), padding: stride == 1 ? .same : .valid,
            useBias: false, name: "\(prefix)depthwise")(y)
        y = ReLU(maxValue: 6, name: "\(prefix)depthwise_relu")(
            mobileNormalized(y, "\(prefix)depthwise_BN"))
        y = Conv2D(
            filters, kernelSize: 1, padding: .same, useBias: false, name: "\(prefix)project")(y)
        y = mobileNormalized(y, "\(prefix)project_BN")
        return channels == filters && stride == 1 ? Add(name: "\(prefix)add")([x, y]) : y
    }
}
