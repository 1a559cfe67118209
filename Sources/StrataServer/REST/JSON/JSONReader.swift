#if Server
import NIOCore

/// Reads the JSON (RFC 8259) of a request from front to back, straight into the types that are
/// asked for.
///
/// No tree is built, so that numbers cost the memory of their array alone. Nesting, members and
/// digits are limited, and every error has the position of its byte.
struct JSONReader {
    /// Members of an object, beyond which it is no request.
    static let memberLimit = 1000

    let bytes: UnsafeRawBufferPointer
    let maxDepth: Int
    private(set) var position: Int
    private var depth = 0

    /// - Parameter bytes: must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer, maxDepth: Int, position: Int = 0) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.position = position
    }

    /// Reads a whole document.
    ///
    /// - Throws: a ``ServingError`` if it is no JSON, or more follows it.
    static func read<T>(
        _ bytes: UnsafeRawBufferPointer, maxDepth: Int,
        _ body: (inout JSONReader) throws(ServingError) -> T
    ) throws(ServingError) -> T {
        var reader = JSONReader(bytes, maxDepth: maxDepth)
        let value = try body(&reader)
        reader.skipSpace()
        if reader.position < bytes.count {
            throw reader.failure("the document ends here, but more follows")
        }
        return value
    }

    var next: UInt8? {
        @inline(__always) get { position < bytes.count ? bytes[position] : nil }
    }

    @inline(never)
    func failure(_ message: String, at offset: Int? = nil) -> ServingError {
        let offset = offset ?? position
        let end = offset >= bytes.count ? ", where the body ends" : ""
        return ServingError(
            .invalidArgument, "the JSON of the body, byte \(offset)\(end): \(message)")
    }

    @inline(__always)
    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    @inline(__always)
    mutating func advance(_ count: Int = 1) { position += count }

    /// Goes back to a value that was skipped.
    mutating func rewind(to position: Int) { self.position = position }

    /// Consumes `byte` if it is next; returns whether it was.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// The byte that the next value starts with, which tells its kind.
    mutating func start() throws(ServingError) -> UInt8 {
        skipSpace()
        guard let byte = next else { throw failure("a value is expected here") }
        return byte
    }

    mutating func takeWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length else { return false }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            return false
        }
        position += length
        return true
    }
}

extension ByteBuffer {
    /// Reads the bytes as a JSON document.
    func json<T>(
        maxDepth: Int, _ body: (inout JSONReader) throws(ServingError) -> T
    ) throws(ServingError) -> T {
        let result = withUnsafeReadableBytes { bytes in
            Result { () throws(ServingError) in
                try JSONReader.read(bytes, maxDepth: maxDepth, body)
            }
        }
        return try result.get()
    }
}

// MARK: Objects and arrays

extension JSONReader {
    /// Reads an object; `member` reads or skips the value of each member.
    mutating func object(
        _ what: String,
        _ member: (inout JSONReader, _ name: String) throws(ServingError) -> Void
    ) throws(ServingError) {
        try enter(UInt8(ascii: "{"), what)
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return leave() }
        while true {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw failure("a name in quotes is expected") }
            let name = try string()
            if !names.insert(name).inserted {
                throw failure("\(quoted(name)) occurs twice in one object", at: start)
            }
            if names.count > Self.memberLimit {
                throw failure("an object has more than \(Self.memberLimit) members", at: start)
            }
            skipSpace()
            if !take(UInt8(ascii: ":")) { throw failure("a colon is expected") }
            try member(&self, name)
            skipSpace()
            if take(UInt8(ascii: "}")) { return leave() }
            if !take(UInt8(ascii: ",")) { throw failure("a comma or } is expected") }
        }
    }

    /// Reads an array; `element` reads or skips each element.
    ///
    /// - Returns: the number of elements.
    @discardableResult
    mutating func array(
        _ what: String, _ element: (inout JSONReader) throws(ServingError) -> Void
    ) throws(ServingError) -> Int {
        try enter(UInt8(ascii: "["), what)
        var count = 0
        skipSpace()
        if take(UInt8(ascii: "]")) {
            leave()
            return 0
        }
        while true {
            try element(&self)
            count += 1
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "]")) {
                leave()
                return count
            }
            throw failure("a comma or ] is expected")
        }
    }

    /// Begins an object or array.
    mutating func enter(_ bracket: UInt8, _ what: String) throws(ServingError) {
        skipSpace()
        guard next == bracket else {
            throw failure(
                bracket == UInt8(ascii: "{")
                    ? "\(what) is an object: { … }" : "\(what) is an array: [ … ]")
        }
        if depth == maxDepth {
            throw failure("more than \(maxDepth) arrays and objects stand in each other")
        }
        depth += 1
        advance()
    }

    mutating func leave() { depth -= 1 }

    /// Skips a value that nobody asked for, and checks it.
    mutating func skip() throws(ServingError) {
        switch try start() {
        case UInt8(ascii: "{"):
            try object("it") { reader, _ throws(ServingError) in try reader.skip() }
        case UInt8(ascii: "["):
            try array("it") { reader throws(ServingError) in try reader.skip() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool("it")
        case UInt8(ascii: "n"):
            if !takeWord("null") { throw failure("a value is expected") }
        default: _ = try decimal("it")
        }
    }
}

// MARK: Booleans and parameters

extension JSONReader {
    mutating func bool(_ what: String) throws(ServingError) -> Bool {
        skipSpace()
        if takeWord("true") { return true }
        if takeWord("false") { return false }
        throw failure("\(what) is true or false")
    }

    /// A boolean, a number or a text.
    mutating func parameter(_ what: String) throws(ServingError) -> InferenceParameter {
        switch try start() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool(what))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let decimal = try decimal(what)
            if decimal.isInteger, let integer: Int64 = try integer(decimal, what) {
                return .integer(integer)
            }
            return .number(try double(decimal, what))
        default: throw failure("\(what) is a boolean, a number or a text")
        }
    }

    /// Consumes `null`, which clients write for what they leave out; returns whether it was next.
    mutating func takeNull() -> Bool {
        skipSpace()
        return takeWord("null")
    }

    mutating func parameters() throws(ServingError) -> [String: InferenceParameter] {
        var parameters: [String: InferenceParameter] = [:]
        if takeNull() { return parameters }
        try object("parameters") { reader, name throws(ServingError) in
            if reader.takeNull() { return }
            parameters[name] = try reader.parameter("the parameter \(quoted(name))")
        }
        return parameters
    }

    /// Dimensions of 0 or more.
    mutating func shape(_ what: String) throws(ServingError) -> [Int] {
        var shape: [Int] = []
        try array(what) { reader throws(ServingError) in
            reader.skipSpace()
            let start = reader.position
            let decimal = try reader.decimal("a dimension of \(what)")
            guard let dimension: Int = try reader.integer(decimal, what), dimension >= 0 else {
                throw reader.failure("a dimension of \(what) is an integer of 0 or more", at: start)
            }
            guard shape.count < 64 else {
                throw reader.failure("\(what) has more than 64 dimensions", at: start)
            }
            shape.append(dimension)
        }
        return shape
    }
}
#endif
