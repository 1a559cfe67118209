/// The EXIF orientation of an image.
///
/// ### Source
/// Exif 2.32 (CIPA DC-008-2019), tag 0x0112, within a TIFF 6.0 header in a JPEG's APP1 segment.
enum ImageOrientation: Int {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case flipped = 4
    case transposed = 5
    case turnedLeft = 6
    case transversed = 7
    case turnedRight = 8

    /// The orientation of a JPEG file; upright if it is missing or invalid.
    init(jpeg bytes: [UInt8]) {
        var index = 2
        // Segments: 0xFF, a marker, and a length of two bytes that counts itself.
        while index + 4 <= bytes.count, bytes[index] == 0xFF, bytes[index + 1] != 0xDA {
            let length = Int(bytes[index + 2]) << 8 | Int(bytes[index + 3])
            let end = index + 2 + length
            guard length >= 2, end <= bytes.count else { break }
            let segment = bytes[index + 4..<end]
            if bytes[index + 1] == 0xE1, segment.starts(with: Array("Exif\0\0".utf8)) {
                self = ImageOrientation(tiff: Array(segment.dropFirst(6))) ?? .upright
                return
            }
            index = end
        }
        self = .upright
    }

    private init?(tiff bytes: [UInt8]) {
        let isLittle = bytes.starts(with: Array("II".utf8))
        func number(_ index: Int, _ count: Int) -> Int? {
            guard index >= 0, index <= bytes.count - count else { return nil }
            let part = bytes[index..<index + count]
            return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard isLittle || bytes.starts(with: Array("MM".utf8)), let folder = number(4, 4),
            let count = number(folder, 2)
        else { return nil }
        // Entries of 12 bytes: tag, type, count, value.
        for entry in 0..<count where number(folder + 2 + 12 * entry, 2) == 0x0112 {
            guard let value = number(folder + 10 + 12 * entry, 2) else { return nil }
            self.init(rawValue: value)
            return
        }
        return nil
    }

    /// Whether height and width are swapped.
    var swapsAxes: Bool { rawValue >= 5 }

    /// The image `uint8 [height, width, channels]`, rotated upright.
    func uprighted(_ image: Tensor) -> Tensor {
        guard self != .upright, case .uint8(let source) = image.storage else { return image }
        let (height, width, channels) = (image.shape[0], image.shape[1], image.shape[2])
        let (rows, columns) = swapsAxes ? (width, height) : (height, width)
        // The offset of the first pixel, and the strides of rows and columns.
        let (lastRow, lastColumn) = ((height - 1) * width, width - 1)
        let (first, down, right) =
            switch self {
            case .upright: (0, width, 1)
            case .mirrored: (lastColumn, width, -1)
            case .upsideDown: (lastRow + lastColumn, -width, -1)
            case .flipped: (lastRow, -width, 1)
            case .transposed: (0, 1, width)
            case .turnedLeft: (lastRow, 1, -width)
            case .transversed: (lastRow + lastColumn, -1, -width)
            case .turnedRight: (lastColumn, -1, width)
            }
        let result = [UInt8](unsafeUninitializedCapacity: source.count) { result, filled in
            source.withUnsafeBufferPointer { source in
                for row in 0..<rows {
                    for column in 0..<columns {
                        let from = (first + row * down + column * right) * channels
                        let to = (row * columns + column) * channels
                        for channel in 0..<channels {
                            result[to + channel] = source[from + channel]
                        }
                    }
                }
            }
            filled = source.count
        }
        return Tensor(result, shape: [rows, columns, channels])
    }
}
