internal import StrataGraph

/// Crops the centre of images; a smaller image is cropped to the aspect ratio and resized.
///
/// ```swift
/// let y = CenterCrop(height: 5, width: 4)(Input(shape: [8, 9, 2]))  // [?, 5, 4, 2]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; height and width may be unknown.
/// - Output: the same with the new height and width.
///
/// ### Errors
/// Reported when the model is built: a size that is not positive.
///
/// ### Source
/// Keras 3.15.1 `CenterCrop`, for batches of images.
public final class CenterCrop: Layer, SerializableLayer {
    override class var keepsInputShape: Bool { true }
    private let height: Int
    private let width: Int
    private let dataFormat: DataFormat

    /// - Parameters:
    ///   - height: the new height, 1 or more.
    ///   - width: the new width, 1 or more.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(
        height: Int, width: Int, dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.height = height
        self.width = width
        self.dataFormat = dataFormat
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            height: try configuration.int("height"), width: try configuration.int("width"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            let ratio = try AspectRatio(x.shape, height: height, width: width, dataFormat)
            let image = x.cast(to: dtypePolicy.computeDType)
            guard let known = image.shape.known else {
                return .placeholder(ratio.result(x.shape), image.dtype)
            }
            if known[ratio.axis] >= height, known[ratio.axis + 1] >= width {
                return ratio.middle(image, rows: height, columns: width)
            }
            return ratio.cropped(image).resized(
                to: [height, width], from: ratio.axis, .bilinear)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    public override var config: [String: JSONValue] {
        [
            "height": .integer(height), "width": .integer(width),
            "data_format": .string(dataFormat.rawValue),
        ]
    }
}
