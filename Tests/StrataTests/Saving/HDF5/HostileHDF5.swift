@testable import Strata

/// HDF5 files, byte by byte, of which no library would write any.
///
/// "HDF5 File Format Specification Version 3.0": superblock 2, object headers 2, trees 1.
struct HostileHDF5 {
    private var bytes = ByteBuilder()

    /// All ones, which stand for no address.
    private static let none: [UInt8] = [UInt8](repeating: 0xFF, count: 8)

    private static func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A file whose root group has the first header that `body` makes.
    private static func image(_ body: (inout HostileHDF5) -> Int) -> [UInt8] {
        var file = HostileHDF5()
        file.bytes.append([UInt8](repeating: 0, count: 48))
        let root = body(&file)
        var image = file.bytes.bytes
        let head =
            FileKind.hdf5Signature + [2, 8, 8, 0] + number(0, 8) + none + number(image.count, 8)
            + number(root, 8)
        image.replaceSubrange(0..<head.count, with: head)
        return image
    }

    /// Appends a block; its address.
    private mutating func add(_ block: [UInt8]) -> Int {
        defer { bytes.append(block) }
        return bytes.bytes.count
    }

    private static func message(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
        [kind] + number(body.count, 2) + [0] + body
    }

    private static func header(_ messages: [[UInt8]]) -> [UInt8] {
        let body = messages.flatMap { $0 }
        return Array("OHDR".utf8) + [2, 2] + number(body.count, 4) + body
    }

    private static func group(_ links: [(name: String, address: Int)]) -> [UInt8] {
        header(
            [message(0x02, [0, 0] + none + none)]
                + links.map { name, address in
                    message(
                        0x06,
                        [1, 0, UInt8(name.utf8.count)] + Array(name.utf8) + number(address, 8)
                    )
                })
    }

    /// The header of a dataset of `float32`.
    private static func dataset(_ shape: [Int], layout: [UInt8]) -> [UInt8] {
        let type: [UInt8] = [
            0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0,
        ]
        let space: [UInt8] =
            [2, UInt8(shape.count), 0, 1] + shape.flatMap { number($0, 8) }
        return header([message(0x01, space), message(0x03, type), message(0x08, layout)])
    }

    private static func chunked(_ chunk: [Int], tree: Int) -> [UInt8] {
        [3, 2, UInt8(chunk.count + 1)] + number(tree, 8)
            + (chunk + [4]).flatMap { number($0, 4) }
    }

    private static func tree(
        level: UInt8, byteCount: Int, _ entries: [(offset: [Int], address: Int)]
    ) -> [UInt8] {
        var bytes = Array("TREE".utf8)
        bytes += [1, level]
        bytes += number(entries.count, 2) + none + none
        for (offset, address) in entries {
            bytes += number(byteCount, 4) + number(0, 4)
            bytes += (offset + [0]).flatMap { number($0, 8) }
            bytes += number(address, 8)
        }
        return bytes
    }

    private static func refused(
        _ name: String, storedByteCount: Int? = nil,
        _ body: @escaping @Sendable (inout HostileHDF5) -> Int
    ) -> HostileFile {
        HostileFile(
            testDescription: name, bytes: { image(body) },
            read: { _ = try HDF5File.read($0, storedByteCount: storedByteCount) })
    }

    static let all: [HostileFile] = [
        refused("one part of 1 MB for 20,000 rows of one number") { file in
            let rows = 20_000
            let part = file.add([UInt8](repeating: 0, count: 1 << 20))
            let tree = file.add(
                tree(level: 0, byteCount: 1 << 20, (0..<rows).map { ([$0, 0], part) }))
            let data = file.add(
                dataset([rows, 1], layout: chunked([1, 1 << 18], tree: tree)))
            return file.add(group([("x", data)]))
        },
        refused("a tree of parts that is its own child") { file in
            let place = file.bytes.bytes.count
            let tree = file.add(tree(level: 1, byteCount: 4, [([0], place)]))
            let data = file.add(dataset([1], layout: chunked([1], tree: tree)))
            return file.add(group([("x", data)]))
        },
        refused("parts of no size") { file in
            let data = file.add(dataset([8], layout: chunked([0], tree: 48)))
            return file.add(group([("x", data)]))
        },
        refused("parts of 2⁹⁶ numbers") { file in
            let size = Int(UInt32.max)
            let data = file.add(
                dataset([8, 8, 8], layout: chunked([size, size, size], tree: 48)))
            return file.add(group([("x", data)]))
        },
        refused("a shape of 255 dimensions") { file in
            let shape = [Int](repeating: 1 << 40, count: 255)
            let data = file.add(dataset(shape, layout: [3, 1] + number(48, 8) + number(4, 8)))
            return file.add(group([("x", data)]))
        },
        refused("numbers without room, 2⁶⁰ beside none") { file in
            let data = file.add(dataset([0, 1 << 60], layout: [3, 1] + number(48, 8)))
            return file.add(group([("x", data)]))
        },
        refused("a group that is in itself") { file in
            let place = file.bytes.bytes.count
            return file.add(group([("x", place)]))
        },
        refused("20,000 names of a dataset with a long header") { file in
            let filling = [[UInt8]](repeating: message(0x05, [0, 0, 0, 0]), count: 20_000)
            let layout = chunked([1], tree: 48)
            var long = dataset([0], layout: layout)
            let body = filling.flatMap { $0 } + long.dropFirst(10)
            long = Array("OHDR".utf8) + [2, 2] + number(body.count, 4) + body
            let data = file.add(long)
            return file.add(group((0..<20_000).map { ("\($0)", data) }))
        },
        refused("200 MB out of an archive of 100 KB", storedByteCount: 100_000) { file in
            // Many names for one place: each takes memory of its own.
            let count = 1 << 20
            let place = file.add([UInt8](repeating: 0, count: 4 * count))
            let layout = [3, 1] + number(place, 8) + number(4 * count, 8)
            let sets = (0..<50).map { _ in file.add(dataset([count], layout: layout)) }
            return file.add(group(sets.enumerated().map { ("\($0)", $1) }))
        },
    ]
}
