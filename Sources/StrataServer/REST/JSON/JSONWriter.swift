#if Server
import NIOCore

/// Writes JSON into the buffer of an answer.
struct JSONWriter {
    private(set) var buffer: ByteBuffer
    /// Whether a comma stands before the next member or element.
    private var needsComma = false

    init(capacity: Int) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    mutating func object<E: Error>(
        _ members: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        try nested("{", "}", members)
    }

    mutating func array<E: Error>(
        _ elements: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        try nested("[", "]", elements)
    }

    private mutating func nested<E: Error>(
        _ start: StaticString, _ end: StaticString,
        _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        comma()
        buffer.writeStaticString(start)
        needsComma = false
        try body(&self)
        buffer.writeStaticString(end)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// The name of the member that is written next.
    mutating func name(_ name: String) {
        string(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func bool(_ value: Bool) {
        comma()
        buffer.writeStaticString(value ? "true" : "false")
    }

    mutating func integer(_ value: some BinaryInteger) {
        comma()
        buffer.writeString("\(value)")
    }

    /// The shortest text that is read back as the same number.
    ///
    /// - Throws: if it is NaN or infinite, which JSON has not.
    mutating func number(
        _ value: some BinaryFloatingPoint & LosslessStringConvertible, of what: String
    ) throws(ServingError) {
        guard value.isFinite else {
            throw ServingError(
                .invalidArgument,
                "\(what) has an element that is \(value), which JSON cannot hold; ask for binary "
                    + "data, and look at the inputs")
        }
        comma()
        buffer.writeString(value.description)
    }

    mutating func integers(_ values: [Int]) {
        comma()
        buffer.writeStaticString("[")
        needsComma = false
        for value in values { integer(value) }
        buffer.writeStaticString("]")
        needsComma = true
    }

    mutating func string(_ value: String) {
        comma()
        var value = value
        value.withUTF8 { text(UnsafeRawBufferPointer($0)) }
    }

    /// A text whose bytes may not be UTF-8, which are then replaced by U+FFFD.
    mutating func string(utf8 bytes: [UInt8]) { string(String(decoding: bytes, as: UTF8.self)) }

    private mutating func text(_ bytes: UnsafeRawBufferPointer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        var run = 0
        for (index, byte) in bytes.enumerated() {
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                continue
            }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run..<index]))
            run = index + 1
            switch byte {
            case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
            case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
            case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
            default:
                let digits = String(byte, radix: 16)
                buffer.writeString("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            }
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run...]))
        buffer.writeInteger(UInt8(ascii: "\""))
    }
}

extension JSONWriter {
    /// All elements of a tensor, flat.
    mutating func elements(_ tensor: InferenceTensor) throws(ServingError) {
        try array { writer throws(ServingError) in
            try writer.elements(tensor, 0..<tensor.contents.count)
        }
    }

    /// The elements of a tensor in nested arrays.
    mutating func nested(_ tensor: InferenceTensor) throws(ServingError) {
        try nested(tensor, axis: 0, 0..<tensor.contents.count)
    }

    /// The part of a tensor at an index of its first axis, in nested arrays.
    mutating func nested(_ tensor: InferenceTensor, row: Int) throws(ServingError) {
        let length = tensor.contents.count / max(tensor.shape.first ?? 1, 1)
        try nested(tensor, axis: 1, row * length..<(row + 1) * length)
    }

    private mutating func nested(
        _ tensor: InferenceTensor, axis: Int, _ range: Range<Int>
    ) throws(ServingError) {
        guard axis < tensor.shape.count else { return try elements(tensor, range) }
        let count = tensor.shape[axis]
        try array { writer throws(ServingError) in
            if axis == tensor.shape.count - 1 { return try writer.elements(tensor, range) }
            let length = range.count / max(count, 1)
            for index in 0..<count {
                let start = range.lowerBound + index * length
                try writer.nested(tensor, axis: axis + 1, start..<start + length)
            }
        }
    }

    private mutating func elements(
        _ tensor: InferenceTensor, _ range: Range<Int>
    ) throws(ServingError) {
        switch tensor.contents {
        case .bool(let values): for value in values[range] { bool(value) }
        case .uint8(let values): for value in values[range] { integer(value) }
        case .int64(let values): for value in values[range] { integer(value) }
        case .uint64(let values): for value in values[range] { integer(value) }
        case .float32(let values):
            let what = "output \(quoted(tensor.name))"
            for value in values[range] { try number(value, of: what) }
        case .float64(let values):
            let what = "output \(quoted(tensor.name))"
            for value in values[range] { try number(value, of: what) }
        case .bytes(let values): for value in values[range] { string(utf8: value) }
        }
    }
}
#endif
