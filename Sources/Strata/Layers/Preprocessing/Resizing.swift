internal import StrataGraph

/// Resizes images.
///
/// ```swift
/// let y = Resizing(height: 5, width: 12)(Input(shape: [8, 9, 3]))  // [?, 5, 12, 3]
/// ```
///
/// Integer values, such as the bytes of an image, are rounded again.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; height and width may be unknown.
/// - Output: the same with the new height and width.
///
/// ### Errors
/// Reported when the model is built: a size that is not positive, both ways to keep the aspect
/// ratio at once.
///
/// ### Source
/// Keras 3.15.1 `Resizing`, for batches of images.
public final class Resizing: Layer, SerializableLayer {
    override class var keepsInputShape: Bool { true }
    private let height: Int
    private let width: Int
    private let interpolation: Interpolation
    private let cropToAspectRatio: Bool
    private let padToAspectRatio: Bool
    private let fillValue: Float
    private let antialias: Bool
    private let dataFormat: DataFormat

    /// - Parameters:
    ///   - height: the new height, 1 or more.
    ///   - width: the new width, 1 or more.
    ///   - interpolation: the interpolation method.
    ///   - cropToAspectRatio: whether an image of another aspect ratio is cropped first.
    ///   - padToAspectRatio: whether an image of another aspect ratio is padded first.
    ///   - fillValue: the value of padding.
    ///   - antialias: whether downsampling averages all covered pixels.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(
        height: Int, width: Int, interpolation: Interpolation = .bilinear,
        cropToAspectRatio: Bool = false, padToAspectRatio: Bool = false, fillValue: Double = 0,
        antialias: Bool = false, dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.height = height
        self.width = width
        self.interpolation = interpolation
        self.cropToAspectRatio = cropToAspectRatio
        self.padToAspectRatio = padToAspectRatio
        self.fillValue = Float(fillValue)
        self.antialias = antialias
        self.dataFormat = dataFormat
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        let mode = try configuration.string("fill_mode", default: "constant")
        guard mode == "constant" else {
            throw configuration.failure("fill_mode", "\(mode) is not constant, the only one")
        }
        self.init(
            height: try configuration.int("height"), width: try configuration.int("width"),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            cropToAspectRatio: try configuration.bool("crop_to_aspect_ratio", default: false),
            padToAspectRatio: try configuration.bool("pad_to_aspect_ratio", default: false),
            fillValue: try configuration.double("fill_value", default: 0),
            antialias: try configuration.bool("antialias", default: false),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            if cropToAspectRatio, padToAspectRatio {
                throw .invalidArgument(
                    "cropToAspectRatio and padToAspectRatio are both set", fix: "set one of them")
            }
            let ratio = try AspectRatio(x.shape, height: height, width: width, dataFormat)
            guard x.shape.known != nil else { return .placeholder(ratio.result(x.shape), x.dtype) }
            let isWhole = !x.dtype.isFloatingPoint
            var image = isWhole ? x.cast(to: .float32) : x
            if cropToAspectRatio { image = ratio.cropped(image) }
            if padToAspectRatio { image = ratio.padded(image, value: fillValue) }
            let resized = image.resized(
                to: [height, width], from: ratio.axis, interpolation, isSmooth: antialias)
            return isWhole ? resized.round().cast(to: x.dtype) : resized
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    public override var config: [String: JSONValue] {
        [
            "height": .integer(height), "width": .integer(width),
            "interpolation": .string(interpolation.rawValue),
            "crop_to_aspect_ratio": .bool(cropToAspectRatio),
            "pad_to_aspect_ratio": .bool(padToAspectRatio), "fill_mode": "constant",
            "fill_value": .float(fillValue), "antialias": .bool(antialias),
            "data_format": .string(dataFormat.rawValue),
        ]
    }
}
