public import Strata

/// A ready search space of convolutional neural networks for classes of images.
///
/// After KerasTuner's `HyperResNet` and `HyperXception`, with plain stacks of layers: blocks of
/// convolutions that halve the image, by pooling or by strides; then a dense layer or none.
///
/// ```swift
/// let networks = HyperCNN(inputShape: [28, 28, 1], classes: 10, samples: 54_000, epochs: 15)
/// let model = try networks.build(HyperParameters(values: ["filters": .int(32)]))
/// ```
///
/// | hyperparameter | values |
/// | --- | --- |
/// | `blocks` | 2 … 4 |
/// | `convolutions` in a block | 1, 2 |
/// | `filters` of the first block | 16, 24, 32, 48, 64 |
/// | `filter_growth` from block to block | 1, 1.5, 2, up to 128 filters |
/// | `kernel_size` of the first block | 3, 5, 7; 3 in the others |
/// | `padding` of the convolutions | same, valid |
/// | `downsampling` | pooling, strides |
/// | `pooling`, if it is pooling | max, average |
/// | `pool_size`, if it is pooling | 2, 3; always with strides of 2 |
/// | `batch_normalization` | yes, no |
/// | `activation` | relu, silu |
/// | `block_dropout` after each block | 0, 0.1 … 0.4 |
/// | `head` | flatten, global_average, global_max |
/// | `dense_units` | 0 (no such layer), 64, 128, 256, 512 |
/// | `dropout` before the last layer | 0, 0.1 … 0.5 |
/// | `optimizer` | adam, adamw, sgd (with Nesterov's momentum) |
/// | `learning_rate` of adam and adamw | 0.0003 … 0.01 |
/// | `weight_decay` of adamw | 0.001 … 0.1 |
/// | `sgd_learning_rate` | 0.003 … 0.3 |
/// | `momentum` of sgd | 0.8, 0.9, 0.95 |
/// | `schedule` | constant, or cosine with a warm-up |
/// | `batch_size` | 32, 64, 128, 256 |
/// | `horizontal_flip` | yes, no |
/// | `translation` by up to a tenth | yes, no |
///
/// Images that are too small for a choice of these make the trial infeasible.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, bytes 0 … 255
/// - Output: `[batch, classes]`, probabilities
/// - Labels: `[batch]`, the index of the class
public struct HyperCNN: HyperModel, Sendable {
    /// The shape of an image, `[height, width, channels]`.
    public let inputShape: [Int]
    /// The number of classes.
    public let classes: Int
    /// The number of images in an epoch of training, without those for validation.
    public let samples: Int
    /// The number of epochs over which the learning rate decays.
    public let epochs: Int
    /// Whether a mirrored image keeps its meaning, so that flips may augment the data.
    public let allowsHorizontalFlips: Bool

    /// - Parameters:
    ///   - inputShape: the shape of an image, `[height, width, channels]`.
    ///   - classes: the number of classes.
    ///   - samples: the number of images in an epoch of training, without those for validation;
    ///     with `epochs` it gives the number of steps of the learning-rate schedule.
    ///   - epochs: the number of epochs of the longest training.
    ///   - allowsHorizontalFlips: whether a mirrored image keeps its meaning; digits and letters
    ///     do not.
    public init(
        inputShape: [Int], classes: Int, samples: Int, epochs: Int,
        allowsHorizontalFlips: Bool = true
    ) {
        self.inputShape = inputShape
        self.classes = classes
        self.samples = samples
        self.epochs = epochs
        self.allowsHorizontalFlips = allowsHorizontalFlips
    }

    public func build(_ hp: HyperParameters) throws -> Model {
        try description(hp).model()
    }

    public func configureFit(_ arguments: inout FitArguments, _ hp: HyperParameters) throws {
        arguments.batchSize = try batchSize(hp)
    }

    /// The program that builds, trains and saves the network with these values.
    ///
    /// - Parameters:
    ///   - values: the values of a trial; those that are missing have their default.
    ///   - data: what the program trains with.
    /// - Throws: a ``HyperParameterError`` if a value is not one of its hyperparameter.
    public func swiftSource(
        _ values: [String: HyperParameterValue], data: ProgramData
    ) throws -> String {
        let hp = HyperParameters { values[$0.name] ?? $0.domain.defaultValue }
        return try description(hp).source(data)
    }
}
