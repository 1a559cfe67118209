/// A cursor that reads little-endian numbers from bytes, never beyond the end.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    /// The end of the readable part.
    let end: Int

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - position: the first byte.
    ///   - count: the number of bytes; up to the file's end if left out.
    init(_ bytes: [UInt8], at position: Int, count: Int? = nil) throws(FileError) {
        self.bytes = bytes
        self.position = position
        guard position >= 0, position <= bytes.count else {
            throw FileError(
                "the file leads here, but has \(bytes.count) bytes only",
                location: ["byte \(position)"])
        }
        guard let count else {
            end = bytes.count
            return
        }
        guard count >= 0, count <= bytes.count - position else {
            throw FileError(
                "\(count) bytes should follow, but the file has \(bytes.count) bytes only",
                location: ["byte \(position)"])
        }
        end = position + count
    }

    var remaining: Int { end - position }

    mutating func skip(_ count: Int) throws(FileError) {
        guard count >= 0, count <= remaining else {
            throw FileError("the part that is read here ends early", location: ["byte \(end)"])
        }
        position += count
    }

    /// The next bytes, as a slice of the file.
    mutating func take(_ count: Int) throws(FileError) -> ArraySlice<UInt8> {
        let start = position
        try skip(count)
        return bytes[start..<position]
    }

    /// The next integer of up to eight bytes.
    mutating func unsigned(_ byteCount: Int) throws(FileError) -> UInt64 {
        try take(byteCount).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The next integer, for sizes and offsets; an error if no file can be that large.
    mutating func integer(_ byteCount: Int) throws(FileError) -> Int {
        let start = position
        guard let value = Int(exactly: try unsigned(byteCount)) else {
            throw FileError("a size that cannot be true", location: ["byte \(start)"])
        }
        return value
    }

    /// The next address; `nil` for all ones, the undefined address.
    mutating func address() throws(FileError) -> Int? {
        let start = position
        let value = try unsigned(8)
        if value == .max { return nil }
        guard let address = Int(exactly: value) else {
            throw FileError("an address that cannot be true", location: ["byte \(start)"])
        }
        return address
    }

    /// Reads the expected signature.
    mutating func expect(_ signature: String) throws(FileError) {
        let start = position
        guard try take(signature.utf8.count).elementsEqual(signature.utf8) else {
            throw FileError("\(signature) is expected here", location: ["byte \(start)"])
        }
    }

    /// Reads the expected integer.
    mutating func expect(_ value: UInt8, _ what: String) throws(FileError) {
        let start = position
        let found = try unsigned(1)
        guard found == value else {
            throw FileError(
                "\(what) is \(found); only \(value) can be read", location: ["byte \(start)"])
        }
    }

    /// A null-terminated string of a maximum length.
    mutating func text(maxLength: Int) throws(FileError) -> String {
        let start = position
        let reach = min(end, position + maxLength + 1)
        guard let zero = bytes[position..<reach].firstIndex(of: 0) else {
            throw FileError(
                reach == end ? "this text does not end" : "a name of more than \(maxLength) bytes",
                location: ["byte \(start)"])
        }
        let characters = try take(zero - position)
        position += 1
        return try text(characters)
    }

    /// The bytes as a string, up to a null byte if there is one.
    func text(_ characters: ArraySlice<UInt8>) throws(FileError) -> String {
        guard let text = String(validating: characters.prefix { $0 != 0 }, as: UTF8.self) else {
            throw FileError("this text is not UTF-8", location: ["byte \(characters.startIndex)"])
        }
        return text
    }
}
