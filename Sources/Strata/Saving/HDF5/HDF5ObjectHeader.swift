/// The header of an HDF5 object: its messages.
///
/// "HDF5 File Format Specification Version 3.0", section IV.A; the numbers of sections below are
/// its.
struct HDF5ObjectHeader {
    enum Kind: UInt64 {
        case dataspace = 0x01
        case linkInfo = 0x02
        case datatype = 0x03
        case fillValue = 0x05
        case link = 0x06
        case externalFiles = 0x07
        case layout = 0x08
        case filters = 0x0B
        case attribute = 0x0C
        case continuation = 0x10
        case symbolTable = 0x11
    }

    private(set) var messages: [(kind: Kind, body: ByteCursor)] = []
    private var parts: Set<Int> = []
    /// Continuation blocks that are still to be read.
    private var pending: [(address: Int, count: Int)] = []

    init(
        _ file: [UInt8], at address: Int, _ effort: inout HDF5Effort
    ) throws(FileError) {
        var cursor = try ByteCursor(file, at: address)
        if file[address...].starts(with: Array("OHDR".utf8)) {
            try readSecondVersion(&cursor, &effort)
        } else {
            try readFirstVersion(&cursor, &effort)
        }
    }

    func first(_ kind: Kind) -> ByteCursor? { messages.first { $0.kind == kind }?.body }

    func all(_ kind: Kind) -> [ByteCursor] { messages.filter { $0.kind == kind }.map(\.body) }

    /// Section IV.A.1.a.
    private mutating func readFirstVersion(
        _ cursor: inout ByteCursor, _ effort: inout HDF5Effort
    ) throws(FileError) {
        try cursor.expect(1, "the version of an object header")
        // A reserved byte, and the numbers of messages and links, which the blocks define as well.
        try cursor.skip(1 + 2 + 4)
        let count = try cursor.integer(4)
        // Messages begin at a multiple of eight.
        try cursor.skip(4)
        pending = [(cursor.position, count)]
        while let block = pending.popLast() {
            var block = try self.block(cursor.bytes, block.address, block.count, &effort)
            while block.remaining >= 8 {
                let kind = try block.unsigned(2)
                let size = try block.integer(2)
                let flags = try block.unsigned(1)
                try block.skip(3)
                try add(kind, size, flags, &block)
            }
        }
    }

    /// Section IV.A.1.b.
    private mutating func readSecondVersion(
        _ cursor: inout ByteCursor, _ effort: inout HDF5Effort
    ) throws(FileError) {
        try cursor.expect("OHDR")
        try cursor.expect(2, "the version of an object header")
        let flags = try cursor.unsigned(1)
        if flags & 0x20 != 0 { try cursor.skip(16) }
        if flags & 0x10 != 0 { try cursor.skip(4) }
        let count = try cursor.integer(1 << Int(flags & 3))
        let messageHeaderCount = flags & 0x04 != 0 ? 6 : 4
        pending = [(cursor.position, count)]
        var isFirst = true
        while let chunk = pending.popLast() {
            // Blocks but the first have a signature before and a checksum after the messages.
            var block = try self.block(
                cursor.bytes, chunk.address, chunk.count - (isFirst ? 0 : 4), &effort)
            if !isFirst { try block.expect("OCHK") }
            isFirst = false
            while block.remaining >= messageHeaderCount {
                let kind = try block.unsigned(1)
                let size = try block.integer(2)
                let flags = try block.unsigned(1)
                try block.skip(messageHeaderCount - 4)
                try add(kind, size, flags, &block)
            }
        }
    }

    private mutating func block(
        _ file: [UInt8], _ address: Int, _ count: Int, _ effort: inout HDF5Effort
    ) throws(FileError) -> ByteCursor {
        if !parts.insert(address).inserted {
            throw FileError("a header continues itself", location: ["byte \(address)"])
        }
        let cursor = try ByteCursor(file, at: address, count: count)
        try effort.spend(count, at: address)
        return cursor
    }

    private mutating func add(
        _ kind: UInt64, _ size: Int, _ flags: UInt64, _ block: inout ByteCursor
    ) throws(FileError) {
        let body = try ByteCursor(block.bytes, at: block.position, count: size)
        try block.skip(size)
        // Other messages do not concern names, values or their positions.
        guard let kind = Kind(rawValue: kind) else { return }
        if flags & 0x02 != 0 {
            throw FileError(
                "a type or shape that is shared between datasets; such cannot be read",
                location: ["byte \(body.position)"])
        }
        if kind == .continuation {
            var body = body
            pending.append((try body.integer(8), try body.integer(8)))
        } else {
            messages.append((kind, body))
        }
    }
}
