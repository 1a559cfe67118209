// Writers of the formats that the library reads, in plain Swift, so that zlib and libpng are not
// checked against themselves.

extension FixedWidthInteger {
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}

/// The checksum of gzip and PNG (ISO 3309).
func crc32(_ bytes: [UInt8]) -> UInt32 {
    var checksum: UInt32 = ~0
    for byte in bytes {
        checksum ^= UInt32(byte)
        for _ in 0..<8 {
            let isOdd = checksum & 1 == 1
            checksum >>= 1
            if isOdd { checksum ^= 0xEDB8_8320 }
        }
    }
    return ~checksum
}

/// Deflate (RFC 1951) with every block stored as it is.
func deflateStored(_ bytes: [UInt8]) -> [UInt8] {
    let step = 65_535
    var result: [UInt8] = []
    for start in stride(from: 0, to: max(bytes.count, 1), by: step) {
        let block = bytes[start..<min(start + step, bytes.count)]
        let length = UInt16(block.count)
        result += [start + step >= bytes.count ? 1 : 0]
        result += length.littleEndianBytes + (~length).littleEndianBytes + block
    }
    return result
}

func gzip(_ bytes: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflateStored(bytes)
        + crc32(bytes).littleEndianBytes + UInt32(bytes.count).littleEndianBytes
}

/// An IDX file of unsigned bytes, before compression.
func idx(_ dimensions: [Int], _ values: [UInt8], magic: [UInt8]? = nil) -> [UInt8] {
    (magic ?? [0, 0, 8, UInt8(dimensions.count)])
        + dimensions.flatMap { UInt32(truncatingIfNeeded: $0).bigEndianBytes } + values
}

/// One entry of a ustar archive.
func tarEntry(_ name: String, _ contents: [UInt8], type: Character = "0") -> [UInt8] {
    func octal(_ number: Int, _ width: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8) + [0]
    }
    func field(_ text: String, _ width: Int) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
    }
    let before =
        field(name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8)
        + octal(contents.count, 12) + octal(0, 12)
    let after =
        field(String(type), 1) + field("", 100) + field("ustar", 6) + field("00", 2)
        + field("", 247)
    let sum = (before + after).reduce(8 * 32) { $0 + Int($1) }
    let padding = [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    return before + octal(sum, 7) + [32] + after + contents + padding
}

/// A gzipped archive of these entries.
func tarGzip(_ entries: [[UInt8]]) -> [UInt8] {
    gzip(entries.flatMap { $0 } + [UInt8](repeating: 0, count: 1024))
}

/// Any PNG, well-formed or not.
struct PNGFile {
    var width: Int
    var height: Int
    var bitDepth = 8
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
    var colourType: Int
    /// Each row's bytes; all passes' rows one after another where it is interlaced.
    var rows: [[UInt8]]
    var isInterlaced = false
    var palette: [UInt8] = []
    var transparency: [UInt8] = []
    /// Chunks that stand before the pixels.
    var others: [UInt8] = []

    var bytes: [UInt8] {
        let header =
            UInt32(width).bigEndianBytes + UInt32(height).bigEndianBytes
            + [UInt8(bitDepth), UInt8(colourType), 0, 0, isInterlaced ? 1 : 0]
        let data = rows.flatMap { [UInt8(0)] + $0 }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + PNGFile.chunk("IHDR", header)
            + (palette.isEmpty ? [] : PNGFile.chunk("PLTE", palette))
            + (transparency.isEmpty ? [] : PNGFile.chunk("tRNS", transparency)) + others
            + PNGFile.chunk("IDAT", PNGFile.zlib(data)) + PNGFile.chunk("IEND", [])
    }

    static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + data
        return UInt32(data.count).bigEndianBytes + checked + crc32(checked).bigEndianBytes
    }

    /// RFC 1950.
    private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return [0x78, 1] + deflateStored(bytes) + (b << 16 | a).bigEndianBytes
    }
}
