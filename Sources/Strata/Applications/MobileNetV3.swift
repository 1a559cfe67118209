extension Applications {
    /// MobileNetV3 Small; takes pixels of 0 … 255.
    ///
    /// Howard et al., 2019 (arXiv 1905.02244). Keras 3.15.1 `MobileNetV3Small`; ``Applications``
    /// explains the arguments that are not here. Images may have any size, even with a classifier.
    ///
    /// - Parameters:
    ///   - alpha: scales the number of filters, > 0.
    ///   - minimalistic: without squeeze and excitation, hard swish and kernels of 5 × 5.
    ///   - dropoutRate: fraction dropped before the classifier, 0 ..< 1.
    ///   - includePreprocessing: whether the model scales pixels to −1 … 1.
    public static func mobileNetV3Small(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        alpha: Double = 1, minimalistic: Bool = false, pooling: Pooling? = nil,
        classes: Int = 1000, dropoutRate: Double = 0.2,
        classifierActivation: ActivationFunction = .softmax, includePreprocessing: Bool = true,
        name: String = "MobileNetV3Small"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let style = MobileNetV3(
            alpha: alpha, isMinimalistic: minimalistic, dropoutRate: dropoutRate,
            includesPreprocessing: includePreprocessing, width: 1024)
        return try mobileNetV3(name, ending, inputShape, style, MobileNetV3.small)
    }

    /// MobileNetV3 Large; takes pixels of 0 … 255.
    ///
    /// Howard et al., 2019 (arXiv 1905.02244). Keras 3.15.1 `MobileNetV3Large`; for the arguments
    /// see ``Applications`` and
    /// ``mobileNetV3Small(weights:includeTop:inputShape:alpha:minimalistic:pooling:classes:dropoutRate:classifierActivation:includePreprocessing:name:)``.
    public static func mobileNetV3Large(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        alpha: Double = 1, minimalistic: Bool = false, pooling: Pooling? = nil,
        classes: Int = 1000, dropoutRate: Double = 0.2,
        classifierActivation: ActivationFunction = .softmax, includePreprocessing: Bool = true,
        name: String = "MobileNetV3Large"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        let style = MobileNetV3(
            alpha: alpha, isMinimalistic: minimalistic, dropoutRate: dropoutRate,
            includesPreprocessing: includePreprocessing, width: 1280)
        return try mobileNetV3(name, ending, inputShape, style, MobileNetV3.large)
    }

    private static func mobileNetV3(
        _ name: String, _ ending: Ending, _ inputShape: Shape?, _ style: MobileNetV3,
        _ blocks: [MobileNetV3.Block]
    ) throws -> Model {
        try model(name, ending, inputShape: inputShape, size: 224, minimum: 32, isFree: true) {
            style.output(for: $0, blocks, ending)
        }
    }
}

/// The settings that the blocks of one MobileNetV3 share.
private struct MobileNetV3 {
    let alpha: Double
    let isMinimalistic: Bool
    let dropoutRate: Double
    let includesPreprocessing: Bool
    /// Of the last layer before the classifier.
    let width: Int

    /// The paper's tables 1 and 2: expansion, filters, kernel, stride, squeeze and excitation, hard
    /// swish.
    struct Block {
        var expansion: Double
        var filters: Int
        var kernelSize: Int
        var stride: Int
        var excites: Bool
        var swishes: Bool

        init(
            _ expansion: Double, _ filters: Int, _ kernelSize: Int, _ stride: Int,
            _ excites: Bool, _ swishes: Bool
        ) {
            self.expansion = expansion
            self.filters = filters
            self.kernelSize = kernelSize
            self.stride = stride
            self.excites = excites
            self.swishes = swishes
        }
    }

    static let small = [
        Block(1, 16, 3, 2, true, false), Block(72.0 / 16, 24, 3, 2, false, false),
        Block(88.0 / 24, 24, 3, 1, false, false), Block(4, 40, 5, 2, true, true),
        Block(6, 40, 5, 1, true, true), Block(6, 40, 5, 1, true, true),
        Block(3, 48, 5, 1, true, true), Block(3, 48, 5, 1, true, true),
        Block(6, 96, 5, 2, true, true), Block(6, 96, 5, 1, true, true),
        Block(6, 96, 5, 1, true, true),
    ]

    static let large = [
        Block(1, 16, 3, 1, false, false), Block(4, 24, 3, 2, false, false),
        Block(3, 24, 3, 1, false, false), Block(3, 40, 5, 2, true, false),
        Block(3, 40, 5, 1, true, false), Block(3, 40, 5, 1, true, false),
        Block(6, 80, 3, 2, false, true), Block(2.5, 80, 3, 1, false, true),
        Block(2.3, 80, 3, 1, false, true), Block(2.3, 80, 3, 1, false, true),
        Block(6, 112, 3, 1, true, true), Block(6, 112, 3, 1, true, true),
        Block(6, 160, 5, 2, true, true), Block(6, 160, 5, 1, true, true),
        Block(6, 160, 5, 1, true, true),
    ]

    func output(
        for image: SymbolicTensor, _ blocks: [Block], _ ending: Applications.Ending
    ) -> SymbolicTensor {
        var x = includesPreprocessing ? Rescaling(1 / 127.5, offset: -1)(image) : image
        x = Conv2D(
            16, kernelSize: 3, strides: 2, padding: .same, useBias: false, name: "conv")(x)
        x = active(Applications.mobileNormalized(x, "conv_bn"), swishes: true)
        for (number, block) in blocks.enumerated() { x = self.block(x, block, number) }
        x = Conv2D(
            Applications.divisibleBy8(6 * Double(channels(x))), kernelSize: 1, padding: .same,
            useBias: false, name: "conv_1")(x)
        x = active(Applications.mobileNormalized(x, "conv_1_bn"), swishes: true)
        guard ending.includeTop else { return ending.pooled(x, isNamed: true) }
        x = GlobalAveragePooling2D(keepDimensions: true)(x)
        x = Conv2D(
            alpha > 1 ? Applications.divisibleBy8(Double(width) * alpha) : width, kernelSize: 1,
            padding: .same, name: "conv_2")(x)
        x = active(x, swishes: true)
        if dropoutRate > 0 { x = Dropout(dropoutRate)(x) }
        x = Conv2D(ending.classes, kernelSize: 1, padding: .same, name: "logits")(x)
        return Activation(ending.activation, name: "predictions")(Flatten()(x))
    }

    private func channels(_ x: SymbolicTensor) -> Int {
        x.shape.dimensions.last.flatMap { $0 } ?? 0
    }

    private func active(_ x: SymbolicTensor, swishes: Bool) -> SymbolicTensor {
        swishes && !isMinimalistic ? Activation(.hardSilu)(x) : ReLU()(x)
    }

    private func block(_ x: SymbolicTensor, _ block: Block, _ number: Int) -> SymbolicTensor {
        let prefix = number == 0 ? "expanded_conv_" : "expanded_conv_\(number)_"
        let filters = Applications.divisibleBy8(Double(block.filters) * alpha)
        let expanded = Applications.divisibleBy8(Double(channels(x)) * block.expansion)
        let kernelSize = isMinimalistic ? 3 : block.kernelSize
        var y = x
        if number > 0 {
            y = Conv2D(
                expanded, kernelSize: 1, padding: .same, useBias: false, name: "\(prefix)expand")(y)
            y = Applications.mobileNormalized(y, "\(prefix)expand_bn")
            y = active(y, swishes: block.swishes)
        }
        if block.stride == 2 {
            y = ZeroPadding2D(
                Applications.marginsForHalving(y, kernelSize: kernelSize),
                name: "\(prefix)depthwise_pad")(y)
        }
        y = DepthwiseConv2D(
            SpatialSize([kernelSize]), strides: SpatialSize([block.stride]),
            padding: block.stride == 1 ? .same : .valid, useBias: false,
            name: "\(prefix)depthwise")(y)
        y = Applications.mobileNormalized(y, "\(prefix)depthwise_bn")
        y = active(y, swishes: block.swishes)
        if block.excites, !isMinimalistic { y = excited(y, expanded, prefix) }
        y = Conv2D(
            filters, kernelSize: 1, padding: .same, useBias: false, name: "\(prefix)project")(y)
        y = Applications.mobileNormalized(y, "\(prefix)project_bn")
        guard block.stride == 1, channels(x) == filters else { return y }
        return Add(name: "\(prefix)add")([x, y])
    }

    /// Squeeze and excitation: channels weighted by a function of their means (Hu et al., 2017).
    private func excited(_ x: SymbolicTensor, _ filters: Int, _ prefix: String) -> SymbolicTensor {
        let name = "\(prefix)squeeze_excite"
        var y = GlobalAveragePooling2D(keepDimensions: true, name: "\(name)_avg_pool")(x)
        y = Conv2D(
            Applications.divisibleBy8(Double(filters) * 0.25), kernelSize: 1, padding: .same,
            name: "\(name)_conv")(y)
        y = ReLU(name: "\(name)_relu")(y)
        y = Conv2D(filters, kernelSize: 1, padding: .same, name: "\(name)_conv_1")(y)
        y = ReLU(maxValue: 6)(y + 3) * (1 / 6)
        return Multiply(name: "\(name)_mul")([x, y])
    }
}
