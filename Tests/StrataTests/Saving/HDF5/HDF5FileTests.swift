import Foundation
import Testing

@testable import Strata

@Suite struct HDF5FileTests {
    /// Files that `Tests/Fixtures/hdf5/make.py` made with h5py.
    static func fixture(_ name: String) throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        return Array(try Data(contentsOf: tests.appending(path: "Fixtures/hdf5/\(name).h5")))
    }

    static let kinds: [(name: String, tensor: Tensor)] = [
        ("float16", Tensor([1.5, -2])),
        ("float32", Tensor([1, 2, 3, 4, 5, 6.5], shape: [2, 3])),
        ("float64", Tensor([0.1])),
        ("big_endian", Tensor([1.5, 2.5])),
        ("int8", Tensor([-128, 127] as [Int32])),
        ("int32", Tensor([7] as [Int32], shape: [])),
        ("int64", Tensor([.max, .min] as [Int32], shape: [2, 1])),
        ("uint8", Tensor([0, 255] as [UInt8])),
        ("uint16", Tensor([65535] as [Int32])),
        ("bool", Tensor([true, false])),
        ("empty", Tensor([] as [Float], shape: [0, 3])),
        ("bfloat16", Tensor([1, -0.5, 3.140625]).cast(to: .bfloat16)),
        ("gzip", Tensor((0..<1000).map { Float($0) })),
        ("chunked", Tensor([0, 1, 2, 3, 4, 5] as [Int32], shape: [2, 3])),
    ]

    @Test(arguments: kinds)
    func `h5py's arrays are read as they are`(name: String, tensor: Tensor) throws {
        let root = try HDF5File.read(Self.fixture("kinds"))
        #expect(root.tensors[name] == tensor)
    }

    @Test func `groups are read with their texts and members`() throws {
        let root = try HDF5File.read(Self.fixture("kinds"))
        let inner = try #require(root.groups["group"]?.groups["inner"])
        #expect(inner.attributes == ["name": "größe", "fixed": "abc"])
        #expect(inner.textLists == ["list": ["a", "b"]])
        #expect(inner.tensors.count == 25)
        #expect(inner.tensors["24"] == Tensor(24))
        #expect(root.tensors.count == Self.kinds.count)
    }

    static let refused: [(file: String, error: String)] = [
        ("soft_link", "g: b: a link to another group or file is here; such links are refused"),
        ("external_link", "b: a link to another group or file is here; such links are refused"),
        ("external_storage", "g: a: its values stand in another file; such are refused"),
        ("virtual", "a: a virtual dataset; such are refused"),
        ("circle", "g: h: back: byte 800: this group has two links"),
        ("large_shape", "a: the shape [1099511627776] is too large to be true for this file"),
        (
            "overflowing_shape",
            "a: the shape [4611686018427387904, 4, 4611686018427387904] is too large to be true "
                + "for this file"
        ),
        ("large_chunk", "a: its parts are too large to be true"),
        ("lzf", "a: packed with filter 32000; only gzip and shuffle can be read"),
        ("strings", "a: neither integers, floating-point numbers nor booleans"),
        ("compound", "a: neither integers, floating-point numbers nor booleans"),
        ("opaque", "a: neither integers, floating-point numbers nor booleans"),
        (
            "wide_integer",
            "a: holds integers beyond 32 bits, such as 2147483648; write it as int32 where the values "
                + "allow it, else as float32, which rounds them"
        ),
        (
            "widest_integer",
            "a: holds integers beyond 32 bits, such as 18446744073709551615; write it as int32 where "
                + "the values allow it, else as float32, which rounds them"
        ),
        ("null_space", "a: has no type or no shape"),
        ("named_type", "a: neither a group nor a dataset"),
    ]

    @Test(arguments: refused)
    func `what Keras does not write is refused`(file: String, error: String) throws {
        let image = try Self.fixture(file)
        let thrown = #expect(throws: FileError.self) { try HDF5File.read(image) }
        #expect(thrown?.description == error)
    }

    static let sample = HDF5Group(
        attributes: ["name": "größe"],
        groups: [
            "nothing": HDF5Group(),
            "inner": HDF5Group(
                tensors: Dictionary(
                    uniqueKeysWithValues: (0..<30).map { ("\($0)", Tensor(Float($0))) })),
        ],
        tensors: [
            "float32": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]),
            "bfloat16": Tensor([1, -0.5]).cast(to: .bfloat16),
            "int32": Tensor([-1] as [Int32], shape: []),
            "uint8": Tensor([255] as [UInt8]),
            "bool": Tensor([true, false, true]),
            "empty": Tensor([] as [Float], shape: [0, 3]),
        ])

    @Test func `what is written is read back the same`() throws {
        #expect(try HDF5File.read(HDF5File.image(of: Self.sample)) == Self.sample)
    }

    @Test func `the same contents give the same bytes`() throws {
        #expect(try HDF5File.image(of: Self.sample) == HDF5File.image(of: Self.sample))
    }

    @Test func `groups nested without end are an error`() throws {
        var deep = HDF5Group()
        for _ in 0..<100 { deep = HDF5Group(groups: ["g": deep]) }
        let image = try HDF5File.image(of: deep)
        let thrown = #expect(throws: FileError.self) { try HDF5File.read(image) }
        #expect(thrown?.message == "more than 64 groups stand in each other")
    }

    @Test func `a name that no file can hold is an error`() {
        let root = HDF5Group(groups: ["a/b": HDF5Group()])
        #expect(throws: FileError.self) { try HDF5File.image(of: root) }
    }

    @Test(arguments: [0, 1, 8, 100, 2000, 20_000, 27_255])
    func `a file that is cut off is an error`(length: Int) throws {
        let image = try Self.fixture("kinds").prefix(length)
        let thrown = #expect(throws: FileError.self) { try HDF5File.read(Array(image)) }
        #expect(thrown != nil)
    }

    @Test func `long lists of members are written as trees`() throws {
        // 8 names stand in a part, 32 parts below a node: 9,000 need three levels.
        var root = HDF5Group()
        for count in [8, 9, 256, 257, 9000] {
            root.groups["\(count)"] = HDF5Group(
                attributes: ["name": "\(count)"],
                tensors: Dictionary(
                    uniqueKeysWithValues: (0..<count).map { ("\($0)", Tensor(Float($0))) }))
        }
        #expect(try HDF5File.read(HDF5File.image(of: root)) == root)
    }

    @Test func `a damaged file is read or refused, and never more`() throws {
        let image = try Self.fixture("kinds")
        var refused = 0
        for damaged in Damage(image, copies: 1000) {
            do throws(FileError) {
                _ = try HDF5File.read(damaged)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300)
    }
}
