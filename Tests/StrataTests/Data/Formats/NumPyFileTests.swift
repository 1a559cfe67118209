import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Files that NumPy wrote, and files of ours that NumPy reads.
@Suite(
    .enabled(
        if: KerasPython.path != nil, "there is no Python with NumPy; scripts/keras-venv makes one"))
struct NumPyFileTests {
    private static let folder = Result { () throws -> TemporaryFolder in
        let folder = try TemporaryFolder()
        let shapes = [[], [0, 3], [1], [2, 3], [70, 1, 2]]
        var arrays: [String: Tensor] = [:]
        for dtype in [DType.float32, .int32, .uint8, .bool] {
            for shape in shapes {
                let values = (0..<shape.reduce(1, *)).map { Int32($0) }
                let name = "ours.\(dtype.rawValue).\(shape.map(String.init).joined(separator: "x"))"
                arrays[name] = Tensor(values, shape: shape).cast(to: dtype)
                try arrays[name]?.save(to: "\(folder.path)/\(name).npy")
            }
        }
        try Tensor.save(arrays, to: "\(folder.path)/ours.npz")
        try KerasPython.run("numpy/arrays.py", [folder.path])
        return folder
    }

    private static let values: [Float] = [0, 1, 2, 3, 4, 100]

    @Test func `NumPy reads what we write, and we read it again`() throws {
        let folder = try Self.folder.get()
        let again = try Tensor.arrays(npz: "\(folder.path)/ours.npz")
        #expect(again.count == 20)
        for (name, tensor) in again {
            #expect(try Tensor(npy: "\(folder.path)/\(name).npy") == tensor)
        }
    }

    @Test func `every plain type, byte order and layout of NumPy's is read`() throws {
        let folder = try Self.folder.get()
        let names = folder.files.filter { $0.hasPrefix("good.") }
        #expect(names.count == 2 * 22 + 3)
        for name in names {
            let tensor = try Tensor(npy: "\(folder.path)/\(name)")
            #expect(tensor.shape == [2, 3], "\(name)")
            let isBool = name.contains("bool")
            #expect(
                tensor.scalars == (isBool ? Self.values.map { min($0, 1) } : Self.values), "\(name)"
            )
            let isUnsignedByte = name.contains("u1")
            let isReal =
                name.contains("f2") || name.contains("f4") || name.contains("f8")
                || name.contains("version")
            #expect(
                tensor.dtype
                    == (isBool ? .bool : isUnsignedByte ? .uint8 : isReal ? .float32 : .int32),
                "\(name)")
        }
    }

    @Test(arguments: ["plain.npz", "packed.npz"])
    func `an archive is read, whether it is packed or not`(name: String) throws {
        let arrays = try Tensor.arrays(npz: "\(Self.folder.get().path)/\(name)")
        #expect(arrays["x"] == Tensor(Self.values.map { Int32($0) }, shape: [2, 3]))
        #expect(arrays["y"] == Tensor([0, 3, 1, 4, 2, 100] as [Float], shape: [3, 2]))
    }

    static let bad: [(name: String, message: String)] = [
        (
            "complex",
            "its dtype is <c8 (complex numbers), and only plain numbers are read; save x.real and x.imag"
        ),
        ("objects", "its dtype is |O (Python objects), and only plain numbers are read"),
        ("texts", "its dtype is <U2 (texts), and only plain numbers are read"),
        ("bytes", "its dtype is |S1 (texts), and only plain numbers are read"),
        ("times", "its dtype is <M8[D] (times), and only plain numbers are read"),
        ("fields", "its dtype is [('a', '<f4'), ('b', '<i4')] (fields with names)"),
        ("long_double", "its dtype is <f16 (floating-point numbers of that size)"),
        ("large_int64", "holds integers beyond 32 bits, such as -2147483649; write it as int32"),
        ("large_uint64", "holds integers beyond 32 bits, such as 18446744073709551615;"),
        ("large_uint32", "holds integers beyond 32 bits, such as 2147483648;"),
        ("large_float64", "holds 1e+300, which is beyond float32; scale the values"),
    ]

    @Test(arguments: bad.indices)
    func `no value is lost in silence, and what is no plain number is named`(_ index: Int) throws {
        let (name, message) = Self.bad[index]
        let path = "\(try Self.folder.get().path)/bad.\(name).npy"
        let error = #expect(throws: DataError.self) { try Tensor(npy: path) }
        #expect(error?.description.hasPrefix("\(path): \(message)") == true, "\(error as Any)")
    }
}
