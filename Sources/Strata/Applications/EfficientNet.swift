extension Applications {
    /// EfficientNet B0, for images of 224 × 224; takes pixels of 0 … 255.
    ///
    /// Tan and Le, 2019 (arXiv 1905.11946). Keras 3.15.1 `EfficientNetB0`; ``Applications``
    /// explains the arguments that are not here.
    ///
    /// - Parameter scalesForImageNet: whether pixels are divided by the square root of the standard
    ///   deviations once more, as the published weights need; Keras does so for its own download
    ///   only.
    public static func efficientNetB0(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, scalesForImageNet: Bool = false,
        name: String = "efficientnetb0"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let scale = EfficientNet(
            width: 1, depth: 1, dropoutRate: 0.2, scalesForImageNet: scalesForImageNet)
        return try model(name, ending, inputShape: inputShape, size: 224, minimum: 32) {
            scale.output(for: $0, ending)
        }
    }

    /// EfficientNet B1, for images of 240 × 240; takes pixels of 0 … 255.
    ///
    /// Tan and Le, 2019 (arXiv 1905.11946). Keras 3.15.1 `EfficientNetB1`; ``Applications``
    /// explains the arguments that are not here.
    ///
    /// - Parameter scalesForImageNet: whether pixels are divided by the square root of the standard
    ///   deviations once more, as the published weights need; Keras does so for its own download
    ///   only.
    public static func efficientNetB1(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, scalesForImageNet: Bool = false,
        name: String = "efficientnetb1"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let scale = EfficientNet(
            width: 1, depth: 1.1, dropoutRate: 0.2, scalesForImageNet: scalesForImageNet)
        return try model(name, ending, inputShape: inputShape, size: 240, minimum: 32) {
            scale.output(for: $0, ending)
        }
    }

    /// EfficientNet B2, for images of 260 × 260; takes pixels of 0 … 255.
    ///
    /// Tan and Le, 2019 (arXiv 1905.11946). Keras 3.15.1 `EfficientNetB2`; ``Applications``
    /// explains the arguments that are not here.
    ///
    /// - Parameter scalesForImageNet: whether pixels are divided by the square root of the standard
    ///   deviations once more, as the published weights need; Keras does so for its own download
    ///   only.
    public static func efficientNetB2(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, scalesForImageNet: Bool = false,
        name: String = "efficientnetb2"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let scale = EfficientNet(
            width: 1.1, depth: 1.2, dropoutRate: 0.3, scalesForImageNet: scalesForImageNet)
        return try model(name, ending, inputShape: inputShape, size: 260, minimum: 32) {
            scale.output(for: $0, ending)
        }
    }

    /// EfficientNet B3, for images of 300 × 300; takes pixels of 0 … 255.
    ///
    /// Tan and Le, 2019 (arXiv 1905.11946). Keras 3.15.1 `EfficientNetB3`; ``Applications``
    /// explains the arguments that are not here.
    ///
    /// - Parameter scalesForImageNet: whether pixels are divided by the square root of the standard
    ///   deviations once more, as the published weights need; Keras does so for its own download
    ///   only.
    public static func efficientNetB3(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, scalesForImageNet: Bool = false,
        name: String = "efficientnetb3"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let scale = EfficientNet(
            width: 1.2, depth: 1.4, dropoutRate: 0.3, scalesForImageNet: scalesForImageNet)
        return try model(name, ending, inputShape: inputShape, size: 300, minimum: 32) {
            scale.output(for: $0, ending)
        }
    }
}

/// The width and depth of a network relative to the first of the family.
private struct EfficientNet {
    let width: Double
    let depth: Double
    let dropoutRate: Double
    let scalesForImageNet: Bool

    /// The paper's table 1: kernel, repeats, filters, expansion, stride.
    private struct Stage {
        var kernelSize: Int
        var repeats: Int
        var filters: Int
        var expansion: Int
        var stride: Int

        init(
            _ kernelSize: Int, _ repeats: Int, _ filters: Int, _ expansion: Int, _ stride: Int
        ) {
            self.kernelSize = kernelSize
            self.repeats = repeats
            self.filters = filters
            self.expansion = expansion
            self.stride = stride
        }
    }

    private static let stages = [
        Stage(3, 1, 16, 1, 1), Stage(3, 2, 24, 6, 2), Stage(5, 2, 40, 6, 2), Stage(3, 3, 80, 6, 2),
        Stage(5, 3, 112, 6, 1), Stage(5, 4, 192, 6, 2), Stage(3, 1, 320, 6, 1),
    ]

    /// Stochastic depth: the fraction of samples that skip the last block while training; less in
    /// earlier ones.
    private static let dropConnectRate: Double = 0.2

    private static let kernels = VarianceScaling(
        scale: 2, mode: .fanOut, distribution: .truncatedNormal)

    private func filters(_ count: Int) -> Int { Applications.divisibleBy8(Double(count) * width) }

    private func repeats(_ count: Int) -> Int { Int((depth * Double(count)).rounded(.up)) }

    func output(for image: SymbolicTensor, _ ending: Applications.Ending) -> SymbolicTensor {
        var x = Normalization(axis: [3])(Rescaling(1 / 255)(image))
        if scalesForImageNet {
            // The deviations of ImageNet's channels.
            x = Rescaling([0.229, 0.224, 0.225].map { 1 / ($0 as Double).squareRoot() })(x)
        }
        x = ZeroPadding2D(
            Applications.marginsForHalving(x, kernelSize: 3), name: "stem_conv_pad")(x)
        x = Conv2D(
            filters(32), kernelSize: 3, strides: 2, useBias: false,
            kernelInitializer: Self.kernels, name: "stem_conv")(x)
        x = BatchNormalization(axis: 3, name: "stem_bn")(x)
        x = Activation(.silu, name: "stem_activation")(x)
        let total = Self.stages.reduce(0) { $0 + repeats($1.repeats) }
        var number = 0
        for (index, stage) in Self.stages.enumerated() {
            for (repetition, letter) in zip(0..<repeats(stage.repeats), "abcdefghijklmnop") {
                x = block(
                    x, stage, stride: repetition == 0 ? stage.stride : 1,
                    dropRate: Self.dropConnectRate * Double(number) / Double(total),
                    name: "block\(index + 1)\(letter)_")
                number += 1
            }
        }
        x = pointwise(x, filters(1280), "top_conv")
        x = BatchNormalization(axis: 3, name: "top_bn")(x)
        x = Activation(.silu, name: "top_activation")(x)
        guard ending.includeTop else { return ending.pooled(x, isNamed: true) }
        x = GlobalAveragePooling2D(name: "avg_pool")(x)
        x = Dropout(dropoutRate, name: "top_dropout")(x)
        return ending.predictions(
            x, initializer: VarianceScaling(scale: 1 / 3, mode: .fanOut, distribution: .uniform))
    }

    private func pointwise(_ x: SymbolicTensor, _ filters: Int, _ name: String) -> SymbolicTensor {
        Conv2D(
            filters, kernelSize: 1, padding: .same, useBias: false,
            kernelInitializer: Self.kernels, name: name)(x)
    }

    private func block(
        _ x: SymbolicTensor, _ stage: Stage, stride: Int, dropRate: Double, name: String
    ) -> SymbolicTensor {
        let channels = x.shape.dimensions.last.flatMap { $0 } ?? 0
        let (expanded, filters) = (channels * stage.expansion, filters(stage.filters))
        var y = x
        if stage.expansion != 1 {
            y = pointwise(y, expanded, "\(name)expand_conv")
            y = BatchNormalization(axis: 3, name: "\(name)expand_bn")(y)
            y = Activation(.silu, name: "\(name)expand_activation")(y)
        }
        if stride == 2 {
            y = ZeroPadding2D(
                Applications.marginsForHalving(y, kernelSize: stage.kernelSize),
                name: "\(name)dwconv_pad")(y)
        }
        y = DepthwiseConv2D(
            SpatialSize([stage.kernelSize]), strides: SpatialSize([stride]),
            padding: stride == 2 ? .valid : .same, useBias: false,
            depthwiseInitializer: Self.kernels, name: "\(name)dwconv")(y)
        y = BatchNormalization(axis: 3, name: "\(name)bn")(y)
        y = Activation(.silu, name: "\(name)activation")(y)
        y = excited(y, expanded, squeezed: max(1, channels / 4), name)
        y = pointwise(y, filters, "\(name)project_conv")
        y = BatchNormalization(axis: 3, name: "\(name)project_bn")(y)
        guard stride == 1, channels == filters else { return y }
        if dropRate > 0 {
            y = Dropout(dropRate, noiseShape: [nil, 1, 1, 1], name: "\(name)drop")(y)
        }
        return Add(name: "\(name)add")([y, x])
    }

    /// Squeeze and excitation: channels weighted by a function of their means (Hu et al., 2017).
    private func excited(_ x: SymbolicTensor, _ filters: Int, squeezed: Int, _ name: String)
        -> SymbolicTensor
    {
        var y = GlobalAveragePooling2D(name: "\(name)se_squeeze")(x)
        y = Reshape([1, 1, filters], name: "\(name)se_reshape")(y)
        y = Conv2D(
            squeezed, kernelSize: 1, padding: .same, activation: .silu,
            kernelInitializer: Self.kernels, name: "\(name)se_reduce")(y)
        y = Conv2D(
            filters, kernelSize: 1, padding: .same, activation: .sigmoid,
            kernelInitializer: Self.kernels, name: "\(name)se_expand")(y)
        return Multiply(name: "\(name)se_excite")([x, y])
    }
}
