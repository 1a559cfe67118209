internal import StrataGraph

/// Images of a weight, as Keras 3.15.1 draws them (`TensorBoard._log_weight_as_image`): a bias is a
/// column, a tall matrix is transposed, and a kernel of three dimensions is one image for each
/// index of the last.
struct WeightImages {
    /// The maximum number of images of `tf.summary.image`.
    private static let most = 3

    let height: Int
    let width: Int
    private let channels: Int
    /// Image by image, each row by row.
    private let values: [Float]

    /// - Returns: `nil` if the weight has another number of dimensions or channels.
    init?(_ weight: Tensor) {
        let sizes = weight.shape.filter { $0 != 1 }
        let plain = weight.cast(to: .float32).scalars
        switch sizes.count {
        case 1:
            (height, width, channels, values) = (sizes[0], 1, 1, plain)
        case 2 where sizes[0] <= sizes[1]:
            (height, width, channels, values) = (sizes[0], sizes[1], 1, plain)
        case 2:
            (height, width, channels) = (sizes[1], sizes[0], 1)
            values = Self.transposed(plain, columns: sizes[1])
        case 3:
            (height, width, channels) = (sizes[0], sizes[1], 1)
            values = Self.transposed(plain, columns: sizes[2])
        case 4 where sizes[3] == 3 || sizes[3] == 4:
            (height, width, channels, values) = (sizes[1], sizes[2], sizes[3], plain)
        default: return nil
        }
    }

    private static func transposed(_ values: [Float], columns: Int) -> [Float] {
        (0..<columns).flatMap { column in
            stride(from: column, to: values.count, by: columns).map { values[$0] }
        }
    }

    /// The first images as PNG; 0 is black and 1 is white.
    var files: [[UInt8]] {
        get throws {
            let count = height * width * channels
            // As TensorFlow's `convert_image_dtype`: 1 is not the only white.
            let pixels = values.prefix(Self.most * count).map { value in
                value > 0 ? UInt8(min(value * 255.5, 255)) : 0
            }
            return try stride(from: 0, to: pixels.count, by: max(count, 1)).map { start in
                try ImageEncoder.png(
                    Tensor(Array(pixels[start..<start + count]), shape: [height, width, channels]))
            }
        }
    }
}
