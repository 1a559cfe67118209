/// An attribute of a group or dataset in an HDF5 file (section IV.A.2.m).
struct HDF5Attribute {
    let name: String
    private let type: HDF5Datatype
    private let shape: [Int]?
    private let data: ByteCursor

    init(_ message: ByteCursor) throws(FileError) {
        var message = message
        let start = message.position
        let version = try message.unsigned(1)
        guard (1...3).contains(version) else {
            throw FileError(
                "version \(version) of an attribute cannot be read", location: ["byte \(start)"])
        }
        let flags = try message.unsigned(1)
        if version > 1, flags != 0 {
            throw FileError("an attribute of a shared type", location: ["byte \(start)"])
        }
        let sizes = (
            name: try message.integer(2), type: try message.integer(2),
            space: try message.integer(2)
        )
        if version == 3 { try message.skip(1) }
        // The first version fills each part up to a multiple of eight.
        let padded = { (size: Int) in version == 1 ? (size + 7) / 8 * 8 : size }
        name = try message.text(try message.take(padded(sizes.name)))
        var part = try ByteCursor(message.bytes, at: message.position, count: sizes.type)
        type = try HDF5Datatype(&part)
        try message.skip(padded(sizes.type))
        part = try ByteCursor(message.bytes, at: message.position, count: sizes.space)
        shape = try HDF5Dataspace.shape(&part)
        try message.skip(padded(sizes.space))
        data = message
    }

    /// The value if it is a string or a list of strings; otherwise `nil`.
    func texts(
        in file: [UInt8], _ heaps: inout HDF5TextHeaps
    ) throws(FileError) -> (texts: [String], isList: Bool)? {
        guard let shape, shape.count <= 1 else { return nil }
        let count = shape.first ?? 1
        var data = data
        var texts: [String] = []
        switch type {
        case .text(let byteCount):
            // Empty strings would not be bounded by the file's size.
            if byteCount == 0 { return nil }
            for _ in 0..<count { texts.append(try data.text(try data.take(byteCount))) }
        case .variableText:
            for _ in 0..<count {
                let length = try data.integer(4)
                let collection = try data.address()
                let index = try data.unsigned(4)
                guard length > 0, let collection else {
                    texts.append("")
                    continue
                }
                texts.append(try heaps.text(in: file, collection, index, length))
            }
        case .number, .opaque, .other: return nil
        }
        return (texts, shape.count == 1)
    }
}

/// The dimensions of datasets and attributes (section IV.A.2.b).
enum HDF5Dataspace {
    /// The dimensions; `nil` if there is no value.
    static func shape(_ cursor: inout ByteCursor) throws(FileError) -> [Int]? {
        let start = cursor.position
        let version = try cursor.unsigned(1)
        let rank = try cursor.integer(1)
        _ = try cursor.unsigned(1)
        switch version {
        case 1: try cursor.skip(5)
        case 2: if try cursor.unsigned(1) == 2 { return nil }
        default:
            throw FileError(
                "version \(version) of a shape cannot be read", location: ["byte \(start)"])
        }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try cursor.integer(8)) }
        return shape
    }
}
