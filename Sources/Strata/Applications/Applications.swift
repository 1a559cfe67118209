/// Well-known architectures, built layer by layer as Keras builds them.
///
/// Layers have the names, and weights the shapes and the order of Keras 3.15.1's
/// `keras.applications`, so that weights saved from its models can be loaded.
///
/// ```swift
/// let model = try Applications.resNet50(inputShape: [64, 64, 3], classes: 10)
/// let features = try Applications.mobileNetV2(
///     weights: "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
///     includeTop: false, inputShape: [224, 224, 3], pooling: .average)
/// ```
///
/// ### Arguments that all of them share
/// - `weights`: the path of a file for ``Model/loadWeights(from:byName:skipMismatch:)``; random
///   initial values if left out. Nothing is downloaded.
/// - `includeTop`: whether to include the classifier; without it, the output is the last feature
///   map.
/// - `inputShape`: `[height, width, channels]`; height and width may be `nil` without a classifier.
///   If left out, the architecture's own size, or any size without a classifier.
/// - `pooling`: without a classifier, the global pooling of the feature map; none if left out.
/// - `classes`: the number of classes, 1 or more.
/// - `classifierActivation`: of the last layer; `.linear` gives logits.
/// - `name`: the model's name.
///
/// All throw a ``GraphError`` if an image is too small or an argument out of range, and a
/// ``FileError`` if the weights cannot be read or do not fit.
public enum Applications {
    /// The global pooling of a feature map.
    public enum Pooling: String, Sendable, Hashable, CaseIterable {
        /// The mean of each channel.
        case average = "avg"
        /// The maximum of each channel.
        case maximum = "max"
    }

    /// The last layers of a model, and the source of its weights.
    struct Ending {
        var weights: String?
        var includeTop: Bool
        var pooling: Pooling?
        var classes: Int
        var activation: ActivationFunction

        /// A pooling and a dense layer, or their replacement without a classifier.
        ///
        /// - Parameter namesPooling: whether the pooling layer is named also without a classifier.
        func finished(_ x: SymbolicTensor, namesPooling: Bool = true) -> SymbolicTensor {
            guard includeTop else { return pooled(x, isNamed: namesPooling) }
            return predictions(GlobalAveragePooling2D(name: "avg_pool")(x))
        }

        /// The output without a classifier.
        func pooled(_ x: SymbolicTensor, isNamed: Bool) -> SymbolicTensor {
            switch pooling {
            case .average: GlobalAveragePooling2D(name: isNamed ? "avg_pool" : nil)(x)
            case .maximum: GlobalMaxPooling2D(name: isNamed ? "max_pool" : nil)(x)
            case nil: x
            }
        }

        func predictions(
            _ x: SymbolicTensor, initializer: any Initializer = .glorotUniform
        ) -> SymbolicTensor {
            Dense(
                classes, activation: activation, kernelInitializer: initializer,
                name: "predictions")(x)
        }
    }

    /// Builds a model and loads its weights.
    ///
    /// - Parameters:
    ///   - inputShape: as given by the user.
    ///   - size: the default image size.
    ///   - minimum: the smallest height and width.
    ///   - isFree: whether images may have any size even with a classifier.
    ///   - body: from the image to the output.
    static func model(
        _ name: String, _ ending: Ending, inputShape: Shape?, size: Int, minimum: Int,
        isFree: Bool = false, _ body: (SymbolicTensor) -> SymbolicTensor
    ) throws -> Model {
        let isFree = isFree || !ending.includeTop
        let shape = inputShape ?? (isFree ? [nil, nil, 3] : [size, size, 3])
        try check(shape, minimum: minimum, isFree: isFree)
        // The file's values replace initial values, which would be wasted work.
        let budget = ending.weights.map { _ in DecodingLimits(elementCount: 1 << 40) }
        let model = try DecodingLimits.$current.withValue(budget ?? DecodingLimits.current) {
            let image = Input(shape: shape)
            return try Model(inputs: image, outputs: body(image), name: name)
        }
        if let path = ending.weights { try model.loadWeights(from: path) }
        return model
    }

    private static func check(_ shape: Shape, minimum: Int, isFree: Bool) throws(GraphError) {
        guard shape.rank == 3 else {
            throw GraphError(.wrongRank(got: shape, expected: "[height, width, channels]"))
        }
        let sizes = shape.dimensions.prefix(2)
        guard sizes.allSatisfy({ $0 ?? minimum >= minimum }) else {
            throw GraphError(
                .invalidArgument(
                    "images of \(shape) are too small",
                    fix: "use a height and a width of \(minimum) or more"))
        }
        if !isFree, shape.known == nil {
            throw GraphError(
                .unknownDimension(shape, needed: "with a classifier, height and width"))
        }
    }

    /// `value` rounded to a multiple of 8, and not below it by more than a tenth.
    ///
    /// Sandler et al., 2018 (arXiv 1801.04381), in TensorFlow's reference code.
    static func divisibleBy8(_ value: Double) -> Int {
        let rounded = max(8, Int(value + 4) / 8 * 8)
        return Double(rounded) < 0.9 * value ? rounded + 8 : rounded
    }

    /// The padding with which a `valid` convolution of stride 2 equals TensorFlow's `same`.
    static func marginsForHalving(_ x: SymbolicTensor, kernelSize: Int) -> SpatialMargins {
        let half = kernelSize / 2
        let isUnknown = x.rank < 3 || x.shape[1] == nil
        return SpatialMargins(
            [1, 2].map { axis in
                let length = isUnknown ? nil : x.shape[axis]
                return AxisMargins([half - 1 + (length ?? 0) % 2, half])
            })
    }
}
