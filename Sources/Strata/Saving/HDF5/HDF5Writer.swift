internal import StrataGraph

/// Writes HDF5 files in the oldest form that the format knows.
///
/// It is the form that h5py writes for Keras and that every reader understands ("HDF5 File Format
/// Specification Version 3.0", whose sections are named below). The same contents give the same bytes.
struct HDF5Writer {
    /// The maximum number of entries of a leaf and of an inner node of a group: twice the numbers
    /// in the superblock.
    private static let symbolCapacity = 8
    private static let nodeCapacity = 32
    private static let superblockByteCount = 96
    private static let nowhere = UInt64.max

    private(set) var file: [UInt8] = []
    /// The positions of attribute strings.
    private var texts: [String: (collection: Int, index: Int)] = [:]

    init(_ root: HDF5Group) throws(FileError) {
        file = [UInt8](repeating: 0, count: Self.superblockByteCount)
        file.reserveCapacity(root.byteCount)
        var all: Set<String> = []
        root.collectTexts(into: &all)
        write(texts: all.sorted())
        let group = try write(root)
        writeSuperblock(root: group)
    }

    /// The facts of a group for the superblock and the parent group.
    private typealias GroupAddress = (header: Int, tree: Int, heap: Int)

    /// Sections II.A, version 0, and III.C for the entry of the root group.
    private mutating func writeSuperblock(root: GroupAddress) {
        var block = ByteBuilder()
        block.append(FileKind.hdf5Signature)
        block.append([0, 0, 0, 0, 0, 8, 8, 0])
        block.append(UInt16(Self.symbolCapacity / 2))
        block.append(UInt16(Self.nodeCapacity / 2))
        block.append(UInt32(0))
        block.append(0)
        block.append(Self.nowhere)
        block.append(file.count)
        block.append(Self.nowhere)
        block.append(entry(name: 0, header: root.header, cached: (root.tree, root.heap)))
        file.replaceSubrange(0..<Self.superblockByteCount, with: block.bytes)
    }

    /// Section III.C.
    private func entry(name: Int, header: Int, cached: (tree: Int, heap: Int)? = nil) -> [UInt8] {
        var entry = ByteBuilder()
        entry.append(name)
        entry.append(header)
        entry.append(UInt32(cached == nil ? 0 : 1))
        entry.append(UInt32(0))
        entry.append(cached?.tree ?? 0)
        entry.append(cached?.heap ?? 0)
        return entry.bytes
    }

    /// Appends a structure at a multiple of eight, and returns its offset.
    private mutating func add(_ structure: [UInt8]) -> Int {
        file += [UInt8](repeating: 0, count: file.count.roundedUp - file.count)
        let address = file.count
        file += structure
        return address
    }

    // MARK: Groups

    private mutating func write(_ group: HDF5Group) throws(FileError) -> GroupAddress {
        let names = (Array(group.tensors.keys) + group.groups.keys)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let headers = try names.map { name throws(FileError) in
            try locating(in: name) { () throws(FileError) in
                try Self.check(name)
                switch (group.tensors[name], group.groups[name]) {
                case (let tensor?, nil): return try write(tensor)
                case (nil, let inner?): return try write(inner).header
                case (nil, nil), (_?, _?): throw FileError("two members have this name")
                }
            }
        }
        let (heap, offsets) = writeHeap(names)
        let tree = writeTree(zip(offsets, headers).map { ($0, $1) })
        var table = ByteBuilder()
        table.append(tree)
        table.append(heap)
        let attributes = group.attributes.sorted { $0.key < $1.key }
        let header = write(
            header: [(.symbolTable, table.bytes)]
                + attributes.map { (.attribute, attribute($0.key, $0.value)) })
        return (header, tree, heap)
    }

    private static func check(_ name: String) throws(FileError) {
        if name.isEmpty || name == "." || name.contains("/") || name.contains("\0") {
            throw FileError("no member of an HDF5 file can have this name")
        }
    }

    /// III.D: the names, each at a multiple of eight; an empty one stands before them.
    private mutating func writeHeap(_ names: [String]) -> (address: Int, offsets: [Int]) {
        var data = ByteBuilder()
        data.append(0)
        var offsets: [Int] = []
        for name in names {
            offsets.append(data.bytes.count)
            data.append(padded: Array(name.utf8) + [0])
        }
        var heap = ByteBuilder()
        heap.append(Array("HEAP".utf8) + [0, 0, 0, 0])
        heap.append(data.bytes.count)
        // There is no free space in it.
        heap.append(1)
        let address = add(heap.bytes + [UInt8](repeating: 0, count: 8))
        let dataAddress = add(data.bytes)
        heap.append(dataAddress)
        file.replaceSubrange(address..<address + heap.bytes.count, with: heap.bytes)
        return (address, offsets)
    }

    private mutating func writeTree(_ members: [(name: Int, header: Int)]) -> Int {
        // The parts of a level, and the last name in each.
        var parts = members.split(Self.symbolCapacity).map { part in
            var symbols = ByteBuilder()
            symbols.append(Array("SNOD".utf8) + [1, 0])
            symbols.append(UInt16(part.count))
            for member in part { symbols.append(entry(name: member.name, header: member.header)) }
            symbols.fill(to: 8 + Self.symbolCapacity * 40)
            return (last: part.last?.name ?? 0, address: add(symbols.bytes))
        }
        var level = UInt8(0)
        while true {
            parts = writeLevel(level, parts)
            if parts.count == 1 { return parts[0].address }
            level += 1
        }
    }

    /// III.A.1: the nodes above these parts; of one level each knows its neighbours.
    private mutating func writeLevel(
        _ level: UInt8, _ children: [(last: Int, address: Int)]
    ) -> [(last: Int, address: Int)] {
        let byteCount = 24 + 8 * (2 * Self.nodeCapacity + 1)
        let groups = children.isEmpty ? [[]] : children.split(Self.nodeCapacity)
        let first = file.count.roundedUp
        var before = 0
        var nodes: [(last: Int, address: Int)] = []
        for (index, group) in groups.enumerated() {
            var node = ByteBuilder()
            node.append(Array("TREE".utf8) + [0, level])
            node.append(UInt16(group.count))
            let own = first + index * byteCount
            node.append(index == 0 ? Self.nowhere : UInt64(own - byteCount))
            node.append(index == groups.count - 1 ? Self.nowhere : UInt64(own + byteCount))
            node.append(before)
            for child in group {
                node.append(child.address)
                node.append(child.last)
                before = child.last
            }
            node.fill(to: byteCount)
            nodes.append((before, add(node.bytes)))
        }
        return nodes
    }

    // MARK: Headers and messages

    /// Section IV.A.1.a.
    private mutating func write(
        header messages: [(kind: HDF5ObjectHeader.Kind, body: [UInt8])]
    ) -> Int {
        var body = ByteBuilder()
        for message in messages {
            body.append(UInt16(message.kind.rawValue))
            body.append(UInt16(message.body.count.roundedUp))
            body.append([message.kind == .datatype ? 1 : 0, 0, 0, 0])
            body.append(padded: message.body)
        }
        var header = ByteBuilder()
        header.append([1, 0])
        header.append(UInt16(messages.count))
        header.append(UInt32(1))
        header.append(UInt32(body.bytes.count))
        header.append(UInt32(0))
        return add(header.bytes + body.bytes)
    }

    private mutating func write(_ tensor: Tensor) throws(FileError) -> Int {
        // The format's limit (H5S_MAX_RANK).
        if tensor.rank > 32 { throw FileError("a tensor of \(tensor.rank) dimensions") }
        var address = Self.nowhere
        if tensor.count > 0 {
            address = UInt64(add([]))
            tensor.withUnsafeBytes { file.append(contentsOf: $0) }
        }
        var layout = ByteBuilder()
        layout.append([3, 1])
        layout.append(address)
        layout.append(tensor.byteCount)
        var messages: [(HDF5ObjectHeader.Kind, [UInt8])] = [
            (.dataspace, Self.dataspace(tensor.shape)),
            (.datatype, Self.datatype(tensor.dtype)),
            // As in h5py: space is allocated when values are written, and is not filled before.
            (.fillValue, [2, 2, 2, 1, 0, 0, 0, 0]),
            (.layout, layout.bytes),
        ]
        if tensor.dtype == .bfloat16 {
            messages.append((.attribute, attribute("dtype", "bfloat16")))
        }
        return write(header: messages)
    }

    /// Section IV.A.2.b.
    private static func dataspace(_ shape: [Int]) -> [UInt8] {
        var message = ByteBuilder()
        message.append([1, UInt8(truncatingIfNeeded: shape.count), 0, 0, 0, 0, 0, 0])
        for dimension in shape { message.append(dimension) }
        return message.bytes
    }

    /// IV.A.2.d: the types that h5py gives NumPy's arrays.
    private static func datatype(_ dtype: DType) -> [UInt8] {
        switch dtype {
        case .float32:
            // Offset 0 and 32 bits, the exponent's 8 from bit 23, the mantissa's 23 from bit 0.
            [0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]
        case .int32: [0x10, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]
        case .uint8: [0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]
        case .bfloat16: [0x15, 0, 0, 0, 2, 0, 0, 0]
        case .bool:
            // Two names for values of a signed byte.
            [0x18, 2, 0, 0, 1, 0, 0, 0, 0x10, 8, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]
                + Array("FALSE\0\0\0TRUE\0\0\0\0".utf8) + [0, 1]
        }
    }

    /// IV.A.2.m: one text of any length in UTF-8.
    private func attribute(_ name: String, _ text: String) -> [UInt8] {
        let type: [UInt8] = [0x19, 1, 1, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]
        let space = Self.dataspace([])
        let nameBytes = Array(name.utf8) + [0]
        var message = ByteBuilder()
        message.append([1, 0])
        for part in [nameBytes, type, space] { message.append(UInt16(part.count)) }
        for part in [nameBytes, type, space] { message.append(padded: part) }
        let entry = texts[text]
        message.append(UInt32(text.utf8.count))
        message.append(entry?.collection ?? 0)
        message.append(UInt32(entry?.index ?? 0))
        return message.bytes
    }

    /// III.E: collections of strings, filled one after the other.
    private mutating func write(texts all: [String]) {
        // The smallest that the format's library accepts.
        let smallest = 4096
        for part in all.filter({ !$0.isEmpty }).split(100) {
            var collection = ByteBuilder()
            let address = file.count.roundedUp
            for (index, text) in part.enumerated() {
                texts[text] = (address, index + 1)
                collection.append(UInt16(index + 1))
                collection.append([0, 0, 0, 0, 0, 0])
                collection.append(text.utf8.count)
                collection.append(padded: Array(text.utf8))
            }
            // The rest is free space, marked so if it is large enough for the mark.
            let byteCount = max(smallest, 16 + collection.bytes.count + 16)
            let free = byteCount - 16 - collection.bytes.count
            collection.append([0, 0, 0, 0, 0, 0, 0, 0])
            collection.append(free)
            collection.fill(to: byteCount - 16)
            var head = ByteBuilder()
            head.append(Array("GCOL".utf8) + [1, 0, 0, 0])
            head.append(byteCount)
            _ = add(head.bytes + collection.bytes)
        }
    }
}

extension HDF5Group {
    /// The approximate size of the file.
    fileprivate var byteCount: Int {
        let own = tensors.values.reduce(2048) { $0 + $1.byteCount + 512 }
        return groups.values.reduce(own) { $0 + $1.byteCount }
    }

    fileprivate func collectTexts(into texts: inout Set<String>) {
        texts.formUnion(attributes.values)
        if tensors.values.contains(where: { $0.dtype == .bfloat16 }) { texts.insert("bfloat16") }
        for group in groups.values { group.collectTexts(into: &texts) }
    }
}
