internal import StrataGraph

/// Base class of layers that change images at random while training.
///
/// At inference images pass unchanged. The random values depend on the seed and the step only, so a
/// run with the same seed gives the same bits for any number of threads.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; output: the same.
public class ImageAugmentation: Layer, SeededLayer {
    override class var keepsInputShape: Bool { true }
    /// Whether Keras keeps the seed in files.
    class var savesSeed: Bool { true }
    /// Whether the layer works at inference too.
    class var isAlwaysActive: Bool { false }

    public let seed: Int?
    public let dataFormat: DataFormat
    var stream: UInt64

    /// - Parameters:
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    init(seed: Int?, dataFormat: DataFormat, name: String?) {
        self.seed = seed
        self.dataFormat = dataFormat
        stream = seed.map { UInt64(bitPattern: Int64($0)) } ?? RandomGenerator.nextSeed()
        super.init(name: name)
    }

    /// Errors in the arguments.
    func check() throws(GraphError.Problem) {}

    /// The number of channels that the layer needs; any number if `nil`.
    var channelCount: Int? { nil }

    /// Transforms images `[batch, height, width, channels]` in `float32`.
    func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor { images }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try check()
        try inputShapes[0].checkImage(2)
        let channels = inputShapes[0].withChannelsLast(dataFormat)[-1]
        if let wanted = channelCount, let channels, channels != wanted {
            throw .invalidArgument(
                "images have \(channels) channels, where \(wanted) are needed",
                fix: "use it on RGB images")
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let images = x.cast(to: dtypePolicy.computeDType)
        guard context.isTraining || Self.isAlwaysActive, let batch = x.shape.known?.first else {
            return images
        }
        return changed(images, draws(context, batch))
    }

    final func draws(_ context: CallContext, _ batch: Int) -> ImageDraws {
        ImageDraws(context: context, stream: stream, batch: batch)
    }

    /// The images transformed in `float32`, in their own type and format.
    func changed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        images.withChannelsLast(dataFormat) {
            transformed($0.cast(to: .float32), draws).cast(to: images.dtype)
        }
    }

    /// The entries of ``Layer/config`` beside the format and the seed.
    var arguments: [String: JSONValue] { [:] }

    public override var config: [String: JSONValue] {
        var all = arguments
        all["data_format"] = .string(dataFormat.rawValue)
        if Self.savesSeed { all["seed"] = seed.map(JSONValue.integer) ?? .null }
        return all
    }

    /// The sizes of images with channels last.
    static func size(_ images: SymbolicTensor) -> (height: Int, width: Int, channels: Int) {
        (images.shape[1] ?? 1, images.shape[2] ?? 1, images.shape[3] ?? 1)
    }
}
