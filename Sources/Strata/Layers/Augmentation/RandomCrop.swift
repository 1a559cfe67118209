internal import StrataGraph

/// Cuts a part out of images, at a place drawn for each batch while training.
///
/// At inference, and where images are not larger than the part, the largest part in the middle that has
/// its ratio is brought to its size.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; output: the same with the new size.
///
/// ### Source
/// Keras 3.15.1 `RandomCrop`, as it is described there; its code leaves images as they are at
/// inference, so that their size is not what the layer says.
public final class RandomCrop: ImageAugmentation, SerializableLayer {
    private let height: Int
    private let width: Int

    /// - Parameters:
    ///   - height: the new height, 1 or more.
    ///   - width: the new width, 1 or more.
    ///   - seed: fixes what is drawn; otherwise ``setRandomSeed(_:)`` does.
    ///   - dataFormat: where the channels stand.
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
                return .standIn(ratio.result(x.shape), images.dtype)
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
            draws.uniform(0...Float(free + 1), [1, 1, 1, 1]).floor().minimum(Float(free))
        }
        let all = Shape([draws.batch, height, width, 1])
        let rows = MovingAugmentation.rows(height) + start(size.height - height)
        let columns = MovingAugmentation.columns(width) + start(size.width - width)
        return images.resampled(
            at: .concatenated([rows.broadcast(to: all), columns.broadcast(to: all)], axis: -1),
            Resampling(isLinear: false, fill: .nearest))
    }

    override var arguments: [String: JSONValue] {
        ["height": .integer(height), "width": .integer(width)]
    }
}
