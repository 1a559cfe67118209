/// A buffer of little-endian integers.
struct ByteBuilder {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// A size or an address, in eight bytes.
    mutating func append(_ value: Int) { append(UInt64(value)) }

    mutating func append<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The bytes, and zeros up to a multiple of eight.
    mutating func append(padded more: [UInt8]) {
        bytes += more
        fill(to: bytes.count + more.count.roundedUp - more.count)
    }

    mutating func fill(to count: Int) {
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
    }
}

extension Int {
    /// The next multiple of eight.
    var roundedUp: Int { (self + 7) / 8 * 8 }
}

extension Array {
    /// The elements in chunks of a size; the last may be shorter.
    func split(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
