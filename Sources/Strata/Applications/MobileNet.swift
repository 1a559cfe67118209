extension Applications {
    /// MobileNet: depthwise separable convolutions.
    ///
    /// Howard et al., 2017 (arXiv 1704.04861). Keras 3.15.1 `MobileNet`; ``Applications`` explains
    /// the arguments that are not here.
    ///
    /// - Parameters:
    ///   - alpha: scales the number of filters, > 0.
    ///   - depthMultiplier: the number of kernels for each channel, 1 or more.
    ///   - dropout: fraction dropped before the classifier, 0 ..< 1.
    ///   - name: from `alpha` and the image's height if left out, as in Keras.
    public static func mobileNet(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        alpha: Double = 1, depthMultiplier: Int = 1, dropout: Double = 0.001,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String? = nil
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let height = mobileNetHeight(inputShape, includeTop)
        let blocks = [
            (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
            (512, 1), (512, 1), (1024, 2), (1024, 1),
        ]
        return try model(
            name ?? "mobilenet_\(twoPlaces(alpha))_\(height)", ending, inputShape: inputShape,
            size: 224, minimum: 32
        ) { image in
            let filters = { (count: Int) in Int(Double(count) * alpha) }
            var x = Conv2D(
                filters(32), kernelSize: 3, strides: 2, padding: .same, useBias: false,
                name: "conv1")(image)
            x = normalizedReLU6(x, "conv1")
            for (index, (count, stride)) in blocks.enumerated() {
                x = separated(
                    x, filters: filters(count), depthMultiplier: depthMultiplier, stride: stride,
                    number: index + 1)
            }
            guard includeTop else { return ending.pooled(x, isNamed: false) }
            x = GlobalAveragePooling2D(keepDimensions: true)(x)
            x = Dropout(dropout, name: "dropout")(x)
            x = Conv2D(classes, kernelSize: 1, padding: .same, name: "conv_preds")(x)
            x = Reshape([classes], name: "reshape_2")(x)
            return Activation(classifierActivation, name: "predictions")(x)
        }
    }

    /// The image's height in a model's name, as Keras writes it.
    static func mobileNetHeight(_ inputShape: Shape?, _ includeTop: Bool) -> String {
        guard let inputShape, inputShape.rank == 3 else { return includeTop ? "224" : "None" }
        return inputShape[0].map { "\($0)" } ?? "None"
    }

    /// `1.40` for 1.4.
    static func twoPlaces(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded(.toNearestOrEven))
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func normalizedReLU6(_ x: SymbolicTensor, _ name: String) -> SymbolicTensor {
        ReLU(maxValue: 6, name: "\(name)_relu")(BatchNormalization(name: "\(name)_bn")(x))
    }

    private static func separated(
        _ x: SymbolicTensor, filters: Int, depthMultiplier: Int, stride: Int, number: Int
    ) -> SymbolicTensor {
        var y = x
        if stride > 1 { y = ZeroPadding2D([[0, 1], [0, 1]], name: "conv_pad_\(number)")(y) }
        y = DepthwiseConv2D(
            3, strides: SpatialSize([stride]), padding: stride > 1 ? .valid : .same,
            depthMultiplier: depthMultiplier, useBias: false, name: "conv_dw_\(number)")(y)
        y = normalizedReLU6(y, "conv_dw_\(number)")
        y = Conv2D(
            filters, kernelSize: 1, padding: .same, useBias: false, name: "conv_pw_\(number)")(y)
        return normalizedReLU6(y, "conv_pw_\(number)")
    }
}
