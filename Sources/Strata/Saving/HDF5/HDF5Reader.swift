internal import StrataGraph

/// Reads HDF5 files as h5py writes them for Keras ("HDF5 File Format Specification Version 3.0",
/// whose sections are named below), with every offset and size checked.
///
/// The format's own library is not used for reading: of ten thousand `.h5` files with a few bytes
/// changed, version 1.10.8 crashed on about a hundred. What Keras refuses is refused here too
/// (3.15.1, `saving_lib.safe_get_h5_dataset`): links out of the file and values in other files.
struct HDF5Reader {
    let file: [UInt8]
    /// The number of bytes for tensors that remain: gzip compresses at most a thousandfold, and
    /// Keras's files are not compressed.
    var budget: Int
    var effort: HDF5Effort
    /// The groups and tree nodes read so far: a second reference to one is a cycle or a copy.
    var visited: Set<Int> = []
    var textHeaps: HDF5TextHeaps

    /// - Parameter storedByteCount: the stored size of the file; smaller than its size in a
    ///   compressed archive.
    init(_ file: [UInt8], storedByteCount: Int) {
        self.file = file
        // Eight bytes for each element of one byte, and 64 MB more.
        budget = storedByteCount * 16 + 1 << 26
        effort = HDF5Effort(fileByteCount: file.count)
        textHeaps = HDF5TextHeaps(fileByteCount: file.count)
    }

    /// The root group with its contents.
    mutating func root() throws(FileError) -> HDF5Group {
        if !file.starts(with: FileKind.hdf5Signature) {
            throw FileError("this is no HDF5 file: it does not begin as one")
        }
        let address = try rootAddress()
        try visit(address, "this group")
        return try group(HDF5ObjectHeader(file, at: address, &effort), depth: 0)
    }

    /// Section II.A and II.B.
    private func rootAddress() throws(FileError) -> Int {
        var cursor = try ByteCursor(file, at: FileKind.hdf5Signature.count)
        let start = cursor.position
        let version = try cursor.unsigned(1)
        switch version {
        case 0, 1:
            // Versions of parts, all 0 so far.
            try cursor.skip(4)
            try cursor.expect(8, "the size of addresses")
            try cursor.expect(8, "the size of lengths")
            // A reserved byte, the trees' widths, flags, and in version 1 one more width.
            try cursor.skip(1 + 4 + 4 + (version == 1 ? 4 : 0))
        case 2, 3:
            try cursor.expect(8, "the size of addresses")
            try cursor.expect(8, "the size of lengths")
            try cursor.skip(1)
        default:
            throw FileError(
                "version \(version) of HDF5's superblock cannot be read",
                location: ["byte \(start)"])
        }
        if try cursor.address() != 0 {
            throw FileError(
                "the file is part of another one", location: ["byte \(cursor.position)"])
        }
        _ = try cursor.address()
        let end = try cursor.address()
        if let end, end > file.count {
            throw FileError(
                "the file should have \(end) bytes, but is cut off",
                location: ["byte \(file.count)"], fix: "copy or save it again")
        }
        // In the first versions the entry of the root group follows, after one more address.
        if version < 2 { try cursor.skip(16) }
        guard let root = try cursor.address() else { throw FileError("has no root group") }
        return root
    }

    private mutating func visit(_ address: Int, _ what: String) throws(FileError) {
        if !visited.insert(address).inserted {
            throw FileError("\(what) has two links", location: ["byte \(address)"])
        }
    }

    private mutating func group(
        _ header: HDF5ObjectHeader, depth: Int
    ) throws(FileError) -> HDF5Group {
        if depth > 64 { throw FileError("more than 64 groups stand in each other") }
        var group = HDF5Group()
        for message in header.all(.attribute) {
            let attribute = try HDF5Attribute(message)
            guard let (texts, isList) = try attribute.texts(in: file, &textHeaps) else { continue }
            if isList {
                group.textLists[attribute.name] = texts
            } else {
                group.attributes[attribute.name] = texts.first
            }
        }
        for (name, address) in try links(of: header) {
            try locating(in: name) { () throws(FileError) in
                if group.groups[name] != nil || group.tensors[name] != nil {
                    throw FileError("two members have this name")
                }
                let inner = try HDF5ObjectHeader(file, at: address, &effort)
                if inner.first(.layout) != nil {
                    group.tensors[name] = try tensor(inner)
                } else if Self.isGroup(inner) {
                    try visit(address, "this group")
                    group.groups[name] = try self.group(inner, depth: depth + 1)
                } else {
                    throw FileError("neither a group nor a dataset")
                }
            }
        }
        return group
    }

    private static func isGroup(_ header: HDF5ObjectHeader) -> Bool {
        header.first(.symbolTable) != nil || header.first(.linkInfo) != nil
    }

    typealias Link = (name: String, address: Int)

    private mutating func links(of header: HDF5ObjectHeader) throws(FileError) -> [Link] {
        var links: [Link] = []
        if var table = header.first(.symbolTable) {
            let index = table.position
            guard let tree = try table.address(), let heap = try table.address() else {
                throw FileError("a group without its list", location: ["byte \(index)"])
            }
            let names = try heapData(at: heap)
            try readTree(at: tree, level: nil, names, into: &links)
        }
        for message in header.all(.link) { links.append(try link(message)) }
        if var info = header.first(.linkInfo) {
            try info.expect(0, "the version of a group's links")
            // After the flags an optional number, and the address of links that are too many for
            // the header; Keras's files have no such groups.
            let flags = try info.unsigned(1)
            if flags & 1 != 0 { try info.skip(8) }
            if try info.address() != nil {
                throw FileError(
                    "this group is of a newer kind that cannot be read",
                    fix: "write the file with h5py's libver=\"earliest\"")
            }
        }
        return links
    }

    /// Entries may share their characters, so that a small file could have names of any length.
    private static let longestName = 1024

    private static let refusedLink =
        "a link to another group or file is here; such links are refused"

    /// Section IV.A.2.g.
    private func link(_ message: ByteCursor) throws(FileError) -> Link {
        var message = message
        try message.expect(1, "the version of a link")
        let flags = try message.unsigned(1)
        let kind = flags & 0x08 != 0 ? try message.unsigned(1) : 0
        if flags & 0x04 != 0 { try message.skip(8) }
        if flags & 0x10 != 0 { try message.skip(1) }
        let length = try message.integer(1 << Int(flags & 3))
        let name = try message.text(try message.take(length))
        guard kind == 0 else { throw FileError(Self.refusedLink, location: [name]) }
        guard let address = try message.address() else {
            throw FileError("this link leads nowhere", location: [name])
        }
        return (name, address)
    }

    // MARK: Groups of the first kind

    /// Section III.D.
    private func heapData(at address: Int) throws(FileError) -> ByteCursor {
        var heap = try ByteCursor(file, at: address)
        try heap.expect("HEAP")
        try heap.skip(4)
        let count = try heap.integer(8)
        try heap.skip(8)
        guard let data = try heap.address() else {
            throw FileError("a group without names", location: ["byte \(address)"])
        }
        return try ByteCursor(file, at: data, count: count)
    }

    /// III.A.1, for groups: a node of the tree, or at its end a part of the list.
    private mutating func readTree(
        at address: Int, level: Int?, _ names: ByteCursor, into links: inout [Link]
    ) throws(FileError) {
        try visit(address, "a part of the list")
        if level == -1 { return try readSymbols(at: address, names, into: &links) }
        var node = try ByteCursor(file, at: address)
        let (found, entries) = try treeNode(&node, kind: 0, level: level)
        for _ in 0..<entries {
            // The key before each child is a name; the children have all names again.
            try node.skip(8)
            guard let child = try node.address() else {
                throw FileError("a part of the list is missing", location: ["byte \(address)"])
            }
            try readTree(at: child, level: found - 1, names, into: &links)
        }
    }

    /// The head of a node: its level and its number of children.
    func treeNode(
        _ node: inout ByteCursor, kind: UInt8, level: Int?
    ) throws(FileError) -> (level: Int, entries: Int) {
        let start = node.position
        try node.expect("TREE")
        try node.expect(kind, "the kind of a tree")
        let found = try node.integer(1)
        if let level, found != level {
            throw FileError("a tree's levels are not in order", location: ["byte \(start)"])
        }
        let entries = try node.integer(2)
        // The neighbours, which the level above knows too.
        try node.skip(16)
        return (found, entries)
    }

    /// Section III.B and III.C.
    private mutating func readSymbols(
        at address: Int, _ names: ByteCursor, into links: inout [Link]
    ) throws(FileError) {
        var node = try ByteCursor(file, at: address)
        try node.expect("SNOD")
        try node.skip(2)
        for _ in 0..<(try node.integer(2)) {
            let offset = try node.integer(8)
            var rest = names
            try rest.skip(offset)
            let name = try rest.text(maxLength: Self.longestName)
            try effort.spend(40, at: address)
            let header = try node.address()
            let cacheType = try node.unsigned(4)
            try node.skip(4 + 16)
            if cacheType == 2 { throw FileError(Self.refusedLink, location: [name]) }
            guard let header else { throw FileError("this link leads nowhere", location: [name]) }
            links.append((name, header))
        }
    }
}
