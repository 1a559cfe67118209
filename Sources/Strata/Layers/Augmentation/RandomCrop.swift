internal import StrataGraph

/// Crops images at a random position for each batch while training.
///
/// At inference, and for images that are not larger, the largest central crop of the same aspect
/// ratio is resized.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; output: the same with the new
///   size.
///
/// ### Source
/// Keras 3.15.1 `RandomCrop`, as it is described there; its code does not change images at
/// inference, so that their size is not the layer's.
public final class RandomCrop: ImageAugmentation, SerializableLayer {
    private let height: Int
    private let width: Int

    /// - Parameters:
    ///   - height: the new height, 1 or more.
    ///   - width: the new width, 1 or more.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(
        height: Int, width: Int, seed: Int? = nil, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.height = height
        self.width = width
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            height: try configuration.int("height"), width: try configuration.int("width"),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            let ratio = try AspectRatio(x.shape, height: height, width: width, dataFormat)
            let images = x.cast(to: dtypePolicy.computeDType)
            guard let known = x.shape.known else {
                return .placeholder(ratio.result(x.shape), images.dtype)
            }
            if context.isTraining, known[ratio.axis] > height, known[ratio.axis + 1] > width {
                return super.call(x, context)
            }
            return ratio.cropped(images).resized(to: [height, width], from: ratio.axis, .bilinear)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let size = Self.size(images)
        func start(_ free: Int) -> SymbolicTensor {
            draws.uniform(0...Float(free + 1), .one).floor().minimum(Float(free))
        }
        let all = Shape([draws.batch, height, width, 1])
        let rows = MovingAugmentation.rows(height) + start(size.height - height)
        let columns = MovingAugmentation.columns(width) + start(size.width - width)
        return images.gridSampled(
            at: .concatenated([rows.broadcast(to: all), columns.broadcast(to: all)], axis: -1),
            GridSample(isBilinear: false, fill: .nearest))
    }

    override var arguments: [String: JSONValue] {
        ["height": .integer(height), "width": .integer(width)]
    }
}
