#if Server
import Strata
@testable import StrataServer
import Testing

/// Tensors on the wire: their binary form, and the model's types.
@Suite struct InferenceTensorTests {
    private func tensor(
        _ datatype: InferenceDatatype, _ shape: [Int], _ raw: [UInt8]
    ) throws -> InferenceTensor {
        try raw.withUnsafeBytes {
            try InferenceTensor(name: "x", datatype: datatype, shape: shape, raw: $0)
        }
    }

    // The extremes of each type, as bytes from the lowest.
    private static let extremes: [(InferenceDatatype, [UInt8], InferenceContents)] = [
        (.int8, [0x80, 0x7F], .int64([-128, 127])),
        (.uint16, [0xFF, 0xFF, 0, 1], .int64([65535, 256])),
        (.int16, [0, 0x80, 0xFF, 0x7F], .int64([-32768, 32767])),
        (.uint32, [0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0], .int64([4_294_967_295, 1])),
        (
            .int32, [0, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0x7F],
            .int64([-2_147_483_648, 2_147_483_647])
        ),
        (
            .int64, bytes([Int64.min, Int64.max]), .int64([.min, .max])
        ),
        (.uint64, bytes([UInt64.max, 1]), .uint64([.max, 1])),
        // binary16: −2, the least subnormal 2^-24.
        (.fp16, [0, 0xC0, 1, 0], .float32([-2, 0x1p-24])),
        (.bf16, [0x80, 0xBF, 0, 0x3F], .float32([-1, 0.5])),
        (.fp64, bytes([0.1, -1e300]), .float64([0.1, -1e300])),
        (.bool, [0, 7], .bool([false, true])),
        (.bytes, [2, 0, 0, 0, 65, 66, 0, 0, 0, 0], .bytes([[65, 66], []])),
    ]

    @Test(arguments: extremes)
    func `the binary form is little-endian, and written as it is read`(
        datatype: InferenceDatatype, raw: [UInt8], contents: InferenceContents
    ) throws {
        let tensor = try tensor(datatype, [2], raw)
        #expect(tensor.contents == contents)
        #expect(contents.isOf(datatype))
        // Any byte but 0 is true; it is written as 1.
        let written = datatype == .bool ? [0, 1] : raw
        #expect(tensor.withRawBytes { Array($0) } == written)
    }

    @Test(
        arguments: [
            ([1, 0, 0], "ends within the length of element 0"),
            ([5, 0, 0, 0, 65], "is said to have 5 bytes, but 1 follow"),
            ([255, 255, 255, 255], "is said to have 4294967295 bytes, but 0 follow"),
            ([1, 0, 0, 0, 65], "has 1 elements, but its shape promises 2"),
        ] as [([UInt8], String)])
    func `texts of wrong lengths are refused`(raw: [UInt8], message: String) throws {
        let error = #expect(throws: ServingError.self) { try tensor(.bytes, [2], raw) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func `elements of another kind or number are refused`() throws {
        #expect(throws: ServingError.self) {
            try InferenceTensor(name: "x", datatype: .int8, shape: [1], contents: .int64([128]))
        }
        #expect(throws: ServingError.self) {
            try InferenceTensor(name: "x", datatype: .fp32, shape: [1], contents: .float64([1]))
        }
        #expect(throws: ServingError.self) {
            try InferenceTensor(name: "x", datatype: .fp32, shape: [2], contents: .float32([1]))
        }
        #expect(throws: ServingError.self) {
            try InferenceTensor(name: "x", datatype: .fp32, shape: [-1], contents: .float32([1]))
        }
        #expect(throws: ServingError.self) {
            try InferenceTensor(
                name: "x", datatype: .fp32, shape: [.max, .max], contents: .float32([]))
        }
    }

    @Test(arguments: [
        (InferenceContents.int64([0, 255]), InferenceDatatype.int64, DType.uint8, true),
        (.int64([0, 256]), .int64, .uint8, false), (.int64([-1, 0]), .int64, .uint8, false),
        (.float32([0, 255]), .fp32, .uint8, true), (.float32([0, 0.5]), .fp32, .uint8, false),
        (.float32([0, .nan]), .fp32, .int32, false), (.uint64([0, .max]), .uint64, .int32, false),
        (.int64([0, 1]), .int32, .bool, true), (.int64([0, 2]), .int32, .bool, false),
        (.float64([0, 1e38]), .fp64, .float32, true),
        (.float64([0, 1e39]), .fp64, .float32, false),
        (.bool([false, true]), .bool, .bfloat16, true),
        (.bytes([[], []]), .bytes, .float32, false),
    ])
    func `values that the model's type cannot hold are refused`(
        contents: InferenceContents, datatype: InferenceDatatype, dtype: DType, fits: Bool
    ) throws {
        let tensor = try InferenceTensor(
            name: "x", datatype: datatype, shape: [2], contents: contents)
        if fits {
            let found = try tensor.tensor(as: dtype)
            #expect(found.dtype == dtype)
            #expect(found.shape == [2])
            #expect(found.scalars[0] == 0)
        } else {
            #expect(throws: ServingError.self) { try tensor.tensor(as: dtype) }
        }
    }
}
#endif
