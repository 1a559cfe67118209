import Testing

@testable import Strata

@Suite struct SafetensorsTests {
    /// Made by Python's `safetensors.numpy.save` 0.8.0 of `a`: float16 [[1.5, -2]], `b`: int64 -7,
    /// `c`: [True], `d`: float32 [3], with the metadata `format`: `x`.
    static let foreign: [UInt8] = [
        0, 1, 0, 0, 0, 0, 0, 0, 123, 34, 95, 95, 109, 101, 116, 97, 100, 97, 116, 97, 95, 95, 34,
        58, 123, 34, 102, 111, 114, 109, 97, 116, 34, 58, 34, 120, 34, 125, 44, 34, 98, 34, 58,
        123, 34, 100, 116, 121, 112, 101, 34, 58, 34, 73, 54, 52, 34, 44, 34, 115, 104, 97, 112,
        101, 34, 58, 91, 93, 44, 34, 100, 97, 116, 97, 95, 111, 102, 102, 115, 101, 116, 115, 34,
        58, 91, 48, 44, 56, 93, 125, 44, 34, 100, 34, 58, 123, 34, 100, 116, 121, 112, 101, 34,
        58, 34, 70, 51, 50, 34, 44, 34, 115, 104, 97, 112, 101, 34, 58, 91, 49, 93, 44, 34, 100,
        97, 116, 97, 95, 111, 102, 102, 115, 101, 116, 115, 34, 58, 91, 56, 44, 49, 50, 93, 125,
        44, 34, 97, 34, 58, 123, 34, 100, 116, 121, 112, 101, 34, 58, 34, 70, 49, 54, 34, 44, 34,
        115, 104, 97, 112, 101, 34, 58, 91, 49, 44, 50, 93, 44, 34, 100, 97, 116, 97, 95, 111,
        102, 102, 115, 101, 116, 115, 34, 58, 91, 49, 50, 44, 49, 54, 93, 125, 44, 34, 99, 34, 58,
        123, 34, 100, 116, 121, 112, 101, 34, 58, 34, 66, 79, 79, 76, 34, 44, 34, 115, 104, 97,
        112, 101, 34, 58, 91, 49, 93, 44, 34, 100, 97, 116, 97, 95, 111, 102, 102, 115, 101, 116,
        115, 34, 58, 91, 49, 54, 44, 49, 55, 93, 125, 125, 32, 32, 32, 32, 32, 32, 249, 255, 255,
        255, 255, 255, 255, 255, 0, 0, 64, 64, 0, 62, 0, 192, 1,
    ]

    @Test func `a file from Python is read`() throws {
        let file = try Safetensors(bytes: Self.foreign)
        #expect(file.metadata == ["format": "x"])
        #expect(
            file.tensors == [
                "a": Tensor([1.5, -2], shape: [1, 2]), "b": Tensor([-7] as [Int32], shape: []),
                "c": Tensor([true]), "d": Tensor([3] as [Float]),
            ])
    }

    @Test func `all types are written and read back`() throws {
        let file = Safetensors(
            [
                "f": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]), "s": Tensor(4),
                "h": Tensor([1, -0.5]).cast(to: .bfloat16), "i": Tensor([-1, 2] as [Int32]),
                "u": Tensor([255] as [UInt8]), "b": Tensor([true, false]),
                "e": Tensor([] as [Float], shape: [0, 3]), "größe": Tensor(1),
            ], metadata: ["a": "b"])
        #expect(try Safetensors(bytes: file.bytes) == file)
    }

    /// A file with this header and so many bytes of data.
    static func file(_ header: String, data: Int = 4) -> [UInt8] {
        let count = UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    @Test(arguments: [0x280, 0x380, 0x480, 0x580, 0x8B1F])
    func `the length of a header may begin like a pickle or gzip`(length: Int) throws {
        let header = #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#
        let padding = String(repeating: " ", count: length - header.utf8.count)
        #expect(
            try Safetensors(bytes: Self.file(header + padding)).tensors
                == ["a": Tensor([0] as [Float])])
    }

    static let mistakes: [(bytes: [UInt8], error: String)] = [
        ([1, 2], "the part that is read here ends early"),
        ([255, 255, 255, 255, 255, 255, 255, 255], "a size that cannot be true"),
        ([255, 0, 0, 0, 0, 0, 0, 0, 1], "header: byte 9: the part that is read here ends early"),
        (file("{"), "header: line 1, column 2: a name is expected here"),
        (file("[]"), "the header should be an object"),
        (file(#"{"a": 1}"#), "a: should have a dtype, a shape and data_offsets"),
        (
            file(#"{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}"#),
            "a: should have a dtype, a shape and data_offsets"
        ),
        (
            file(#"{"a": {"dtype": "F8_E5M2", "shape": [4], "data_offsets": [0, 4]}}"#),
            "a: elements of type F8_E5M2 cannot be read"
        ),
        (
            file(#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#),
            "a: F32 of shape [2] takes 8 bytes, but has 4"
        ),
        (
            file(
                #"{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}"#
            ),
            "a: the shape [4611686018427387904, 4] is too large to be true"
        ),
        (
            file(#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#),
            "a: byte 73: the part that is read here ends early"
        ),
        (
            file(#"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#, data: 5),
            "the tensors take 4 bytes, but 5 are here"
        ),
        (
            file(#"{"a": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}}"#),
            "byte 1: a tensor begins here, but should at 0"
        ),
        (file(#"{"__metadata__": {"a": 1}}"#), "__metadata__: a: should be a text"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is told with its place`(bytes: [UInt8], error: String) {
        let thrown = #expect(throws: FileError.self) { try Safetensors(bytes: bytes) }
        #expect(thrown?.description.hasSuffix(error) == true, "\(thrown?.description ?? "")")
    }

    @Test func `a damaged file is read or refused, and never more`() {
        var refused = 0
        for damaged in Damage(Self.foreign, copies: 3000) {
            do throws(FileError) {
                _ = try Safetensors(bytes: damaged)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1000)
    }
}
