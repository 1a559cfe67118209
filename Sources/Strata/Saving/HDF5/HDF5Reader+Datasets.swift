internal import StrataGraph

extension HDF5Reader {
    /// The values of the dataset that has this header.
    mutating func tensor(_ header: HDF5ObjectHeader) throws(FileError) -> Tensor {
        guard var typeMessage = header.first(.datatype),
            var spaceMessage = header.first(.dataspace), let layout = header.first(.layout),
            let shape = try HDF5Dataspace.shape(&spaceMessage)
        else { throw FileError("has no type or no shape") }
        if header.first(.externalFiles) != nil {
            throw FileError("its values stand in another file; such are refused")
        }
        let type = try HDF5Datatype(&typeMessage)
        let byteCount = try byteCount(of: shape, type)
        let filters = try header.first(.filters).map { message throws(FileError) in
            try HDF5Filters(message)
        }
        let format = try format(of: type, header)
        let storage = try HDF5Storage(layout, rank: shape.count)
        let bytes = try contents(of: storage, byteCount, shape, type, filters)
        return try format.tensor(bytes, shape: shape)
    }

    /// Subtracts the dataset's bytes from the budgets of memory and of reading.
    private mutating func byteCount(
        of shape: [Int], _ type: HDF5Datatype
    ) throws(FileError) -> Int {
        var byteCount = type.byteCount
        // Elements take up to eight bytes while they are converted. A dimension of 0 must not hide
        // that the others are too large.
        var claimed = max(byteCount, 8)
        for dimension in shape {
            let (product, overflow) = claimed.multipliedReportingOverflow(by: max(dimension, 1))
            if overflow || product > budget {
                throw FileError("the shape \(shape) is too large to be true for this file")
            }
            claimed = product
            byteCount *= dimension
        }
        budget -= claimed
        return byteCount
    }

    /// The number format of a type.
    ///
    /// Keras writes `bfloat16` as two opaque bytes, and an attribute with the type.
    private mutating func format(
        of type: HDF5Datatype, _ header: HDF5ObjectHeader
    ) throws(FileError) -> NumberFormat {
        switch type {
        case .number(let format): return format
        case .opaque(2):
            for message in header.all(.attribute) {
                let attribute = try HDF5Attribute(message)
                if attribute.name == "dtype",
                    try attribute.texts(in: file, &textHeaps)?.texts == ["bfloat16"]
                {
                    return .floatingPoint(byteCount: 2, isBrain: true, isBigEndian: false)
                }
            }
        case .opaque, .text, .variableText, .other: break
        }
        throw FileError("neither integers, floating-point numbers nor booleans")
    }

    private mutating func contents(
        of storage: HDF5Storage, _ byteCount: Int, _ shape: [Int], _ type: HDF5Datatype,
        _ filters: HDF5Filters?
    ) throws(FileError) -> [UInt8] {
        switch storage {
        case .contiguous(let address):
            if byteCount == 0 { return [] }
            guard let address else { throw FileError("its values were never written") }
            var cursor = try ByteCursor(file, at: address, count: byteCount)
            return Array(try cursor.take(byteCount))
        case .compact(var cursor): return Array(try cursor.take(byteCount))
        case .chunked(let tree, let chunk):
            var assembly = HDF5Chunks(
                shape: shape, chunk: chunk, elementByteCount: type.byteCount, filters: filters)
            try assembly.prepare(budget: &budget, fileByteCount: file.count)
            if let tree, byteCount > 0 { try readChunks(at: tree, level: nil, into: &assembly) }
            return try assembly.finished()
        }
    }

    /// Section III.A.1, for datasets.
    private mutating func readChunks(
        at address: Int, level: Int?, into assembly: inout HDF5Chunks
    ) throws(FileError) {
        if !visited.insert(address).inserted {
            throw FileError("a tree of values is a circle", location: ["byte \(address)"])
        }
        var node = try ByteCursor(file, at: address)
        let (found, entries) = try treeNode(&node, kind: 1, level: level)
        for _ in 0..<entries {
            let count = try node.integer(4)
            let skippedFilters = try node.unsigned(4)
            var offset: [Int] = []
            for _ in 0..<assembly.rank { offset.append(try node.integer(8)) }
            try node.skip(8)
            guard let child = try node.address() else {
                throw FileError("a part of the values is missing", location: ["byte \(address)"])
            }
            if found > 0 {
                try readChunks(at: child, level: found - 1, into: &assembly)
            } else {
                var packed = try ByteCursor(file, at: child, count: count)
                try assembly.add(
                    Array(try packed.take(count)), at: offset, skippedFilters: skippedFilters)
            }
        }
    }
}

/// How the values of a dataset are stored (section IV.A.2.i).
enum HDF5Storage {
    case contiguous(address: Int?)
    case compact(ByteCursor)
    case chunked(tree: Int?, chunk: [Int])

    init(_ message: ByteCursor, rank: Int) throws(FileError) {
        var message = message
        let start = message.position
        let version = try message.unsigned(1)
        let kind = try message.unsigned(1)
        if version == 4, kind == 3 {
            throw FileError("a virtual dataset; such are refused")
        }
        switch (version, kind) {
        case (3, 0), (4, 0):
            let count = try message.integer(2)
            self = .compact(try ByteCursor(message.bytes, at: message.position, count: count))
        case (3, 1), (4, 1): self = .contiguous(address: try message.address())
        case (3, 2):
            // One more dimension than the dataset has: the bytes of an element.
            let dimensions = try message.integer(1)
            guard dimensions == rank + 1 else {
                throw FileError("the parts have another rank", location: ["byte \(start)"])
            }
            let tree = try message.address()
            var chunk: [Int] = []
            for _ in 0..<rank { chunk.append(try message.integer(4)) }
            self = .chunked(tree: tree, chunk: chunk)
        default:
            throw FileError(
                "stored in a way that cannot be read (version \(version), class \(kind))",
                fix: "write the file with h5py's libver=\"earliest\"")
        }
    }
}

/// The filters of a dataset (section IV.A.2.l): deflate and byte shuffle.
struct HDF5Filters {
    /// By identifier, in the order in which they were applied.
    private var numbers: [UInt64] = []

    init(_ message: ByteCursor) throws(FileError) {
        var message = message
        let version = try message.unsigned(1)
        let count = try message.integer(1)
        if version == 1 { try message.skip(6) }
        for _ in 0..<count {
            let number = try message.unsigned(2)
            guard number == 1 || number == 2 else {
                throw FileError("packed with filter \(number); only gzip and shuffle can be read")
            }
            // The second version leaves out the names of HDF5's own filters.
            let nameLength = version == 1 ? try message.integer(2) : 0
            try message.skip(2)
            let values = try message.integer(2)
            try message.skip(nameLength + 4 * values)
            if version == 1, values % 2 == 1 { try message.skip(4) }
            numbers.append(number)
        }
    }

    /// The bytes as they were before; `skipped` has a bit for each filter that was not applied.
    func undo(
        _ packed: [UInt8], count: Int, elementByteCount: Int, skipped: UInt64
    ) throws(FileError) -> [UInt8] {
        var bytes = packed
        for (index, number) in numbers.enumerated().reversed() where skipped >> index & 1 == 0 {
            bytes =
                number == 1
                ? try Self.inflated(bytes, count: count)
                : Self.unshuffled(bytes, elementByteCount)
        }
        return bytes
    }

    private static func inflated(_ packed: [UInt8], count: Int) throws(FileError) -> [UInt8] {
        do throws(Zlib.Failure) {
            return try Zlib.unpacked(packed, count: count)
        } catch {
            throw FileError("its values do not unpack (zlib's error \(error.status))")
        }
    }

    /// All first bytes are stored together, then all second ones.
    private static func unshuffled(_ bytes: [UInt8], _ elementByteCount: Int) -> [UInt8] {
        guard elementByteCount > 1 else { return bytes }
        let count = bytes.count / elementByteCount
        var result = bytes
        for index in 0..<count {
            for byte in 0..<elementByteCount {
                result[index * elementByteCount + byte] = bytes[byte * count + index]
            }
        }
        return result
    }
}
