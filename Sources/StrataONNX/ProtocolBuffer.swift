/// A writer for a protocol buffer message.
///
/// Source: protobuf.dev, "Encoding".
package struct ProtocolBuffer {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    private enum WireType: UInt64 {
        case varint = 0
        case eightBytes = 1
        case lengthDelimited = 2
        case fourBytes = 5
    }

    private mutating func tag(_ field: Int, _ type: WireType) {
        varint(UInt64(field) << 3 | type.rawValue)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func append(_ field: Int, _ value: Int) {
        tag(field, .varint)
        varint(UInt64(bitPattern: Int64(value)))
    }

    package mutating func append(_ field: Int, _ value: Double) {
        tag(field, .eightBytes)
        bytes += Self.littleEndian(value.bitPattern)
    }

    package mutating func append(_ field: Int, _ value: Float) {
        tag(field, .fourBytes)
        bytes += Self.littleEndian(value.bitPattern)
    }

    package mutating func append(_ field: Int, _ value: [UInt8]) {
        tag(field, .lengthDelimited)
        varint(UInt64(value.count))
        bytes += value
    }

    package mutating func append(_ field: Int, _ text: String) { append(field, Array(text.utf8)) }

    package mutating func append(_ field: Int, _ message: ProtocolBuffer) {
        append(field, message.bytes)
    }

    package static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
