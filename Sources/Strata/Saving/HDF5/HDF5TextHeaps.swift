/// The collections of attribute strings (section III.E), each searched once.
struct HDF5TextHeaps {
    private var collections: [Int: [UInt64: ByteCursor]] = [:]
    /// Many attributes may refer to one long string, and collections may overlap.
    private var effort: HDF5Effort

    init(fileByteCount: Int) {
        effort = HDF5Effort(fileByteCount: fileByteCount)
    }

    /// The string of `length` bytes with an index in the collection at an address.
    mutating func text(
        in file: [UInt8], _ address: Int, _ index: UInt64, _ length: Int
    ) throws(FileError) -> String {
        if collections[address] == nil {
            collections[address] = try collection(in: file, at: address)
        }
        try effort.spend(length, at: address)
        guard var text = collections[address]?[index], length <= text.remaining else {
            throw FileError("the text of an attribute is missing", location: ["byte \(address)"])
        }
        return try text.text(try text.take(length))
    }

    private mutating func collection(
        in file: [UInt8], at address: Int
    ) throws(FileError) -> [UInt64: ByteCursor] {
        var head = try ByteCursor(file, at: address)
        try head.expect("GCOL")
        try head.expect(1, "the version of a heap")
        try head.skip(3)
        let size = try head.integer(8)
        try effort.spend(size, at: address)
        var heap = try ByteCursor(file, at: address, count: size)
        try heap.skip(16)
        var texts: [UInt64: ByteCursor] = [:]
        while heap.remaining >= 16 {
            let index = try heap.unsigned(2)
            try heap.skip(6)
            let count = try heap.integer(8)
            // Number 0 is the free space at the end.
            if index == 0 { break }
            let text = try ByteCursor(file, at: heap.position, count: min(count, heap.remaining))
            if texts[index] == nil { texts[index] = text }
            try heap.skip(text.remaining)
            try heap.skip(min((8 - count % 8) % 8, heap.remaining))
        }
        return texts
    }
}
