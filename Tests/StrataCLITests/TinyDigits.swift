import Foundation

/// A small stand-in for MNIST in a cache: as many bright bars as the class says, too easy to miss.
enum TinyDigits {
    static let size = 28

    /// Bars of two columns, `label` of them, from the left.
    static func picture(label: Int) -> [UInt8] {
        (0..<size * size).map { place in
            let column = place % size
            return column / 3 < label && column % 3 < 2 ? 255 : 0
        }
    }

    /// Writes the four files of MNIST, each class in turn, gzipped.
    static func install(in workplace: Workplace, trainCount: Int = 200, testCount: Int = 20) throws
    {
        let folder = workplace.path("keras/datasets/mnist")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for (prefix, count) in [("train", trainCount), ("t10k", testCount)] {
            let labels = (0..<count).map { $0 % 10 }
            try write(
                header([count, size, size]) + labels.flatMap(picture(label:)),
                to: "\(folder)/\(prefix)-images-idx3-ubyte.gz")
            try write(
                header([count]) + labels.map { UInt8($0) },
                to: "\(folder)/\(prefix)-labels-idx1-ubyte.gz")
        }
    }

    /// IDX: two zero bytes, 8 for unsigned bytes, the rank, the dimensions big-endian.
    private static func header(_ dimensions: [Int]) -> [UInt8] {
        [0, 0, 8, UInt8(dimensions.count)]
            + dimensions.flatMap { dimension in
                (0..<4).map { UInt8(truncatingIfNeeded: dimension >> (24 - 8 * $0)) }
            }
    }

    /// A gzip file (RFC 1952) of stored blocks.
    private static func write(_ bytes: [UInt8], to path: String) throws {
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        for start in stride(from: 0, to: bytes.count, by: 0xFFFF) {
            let block = bytes[start..<min(start + 0xFFFF, bytes.count)]
            let isLast = block.endIndex == bytes.count
            file += [isLast ? 1 : 0] + littleEndian(block.count, 2) + littleEndian(~block.count, 2)
            file += block
        }
        file += littleEndian(Int(checksum(bytes)), 4) + littleEndian(bytes.count, 4)
        try Data(file).write(to: URL(fileURLWithPath: path))
    }

    private static func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// CRC-32 (RFC 1952, section 8).
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
            }
        }
        return ~remainder
    }
}
