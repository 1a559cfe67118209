/// A place in bytes from which little-endian numbers are read, one after the other, never beyond the
/// end.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    /// Where what may be read ends.
    let end: Int

    /// - Parameters:
    ///   - bytes: all of the file.
    ///   - position: where to begin.
    ///   - count: how many bytes belong to the part; all to the file's end if left out.
    init(_ bytes: [UInt8], at position: Int, count: Int? = nil) throws(FileError) {
        self.bytes = bytes
        self.position = position
        guard position >= 0, position <= bytes.count else {
            throw FileError(
                "the file leads here, but has \(bytes.count) bytes only",
                place: ["byte \(position)"])
        }
        guard let count else {
            end = bytes.count
            return
        }
        guard count >= 0, count <= bytes.count - position else {
            throw FileError(
                "\(count) bytes should follow, but the file has \(bytes.count) bytes only",
                place: ["byte \(position)"])
        }
        end = position + count
    }

    var remaining: Int { end - position }

    mutating func skip(_ count: Int) throws(FileError) {
        guard count >= 0, count <= remaining else {
            throw FileError("the part that is read here ends early", place: ["byte \(end)"])
        }
        position += count
    }

    /// The next bytes, as a part of the file's.
    mutating func take(_ count: Int) throws(FileError) -> ArraySlice<UInt8> {
        let start = position
        try skip(count)
        return bytes[start..<position]
    }

    /// The next number of up to eight bytes.
    mutating func unsigned(_ byteCount: Int) throws(FileError) -> UInt64 {
        try take(byteCount).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The next number, for sizes and places; one that no file can have is an error.
    mutating func integer(_ byteCount: Int) throws(FileError) -> Int {
        let start = position
        guard let value = Int(exactly: try unsigned(byteCount)) else {
            throw FileError("a size that cannot be true", place: ["byte \(start)"])
        }
        return value
    }

    /// The next address; `nil` for the one of all ones that stands for none.
    mutating func address() throws(FileError) -> Int? {
        let start = position
        let value = try unsigned(8)
        if value == .max { return nil }
        guard let address = Int(exactly: value) else {
            throw FileError("an address that cannot be true", place: ["byte \(start)"])
        }
        return address
    }

    /// Reads over the letters that must stand here.
    mutating func expect(_ signature: String) throws(FileError) {
        let start = position
        guard try take(signature.utf8.count).elementsEqual(signature.utf8) else {
            throw FileError("\(signature) should stand here", place: ["byte \(start)"])
        }
    }

    /// Reads over a number that must be this one.
    mutating func expect(_ value: UInt8, _ what: String) throws(FileError) {
        let start = position
        let found = try unsigned(1)
        guard found == value else {
            throw FileError(
                "\(what) is \(found); only \(value) can be read", place: ["byte \(start)"])
        }
    }

    /// A text that ends with a zero, after so many bytes at most.
    mutating func text(maxLength: Int) throws(FileError) -> String {
        let start = position
        let reach = min(end, position + maxLength + 1)
        guard let zero = bytes[position..<reach].firstIndex(of: 0) else {
            throw FileError(
                reach == end ? "this text does not end" : "a name of more than \(maxLength) bytes",
                place: ["byte \(start)"])
        }
        let characters = try take(zero - position)
        position += 1
        return try text(characters)
    }

    /// The characters as a text, up to a zero if there is one.
    func text(_ characters: ArraySlice<UInt8>) throws(FileError) -> String {
        guard let text = String(validating: characters.prefix { $0 != 0 }, as: UTF8.self) else {
            throw FileError("this text is not UTF-8", place: ["byte \(characters.startIndex)"])
        }
        return text
    }
}
