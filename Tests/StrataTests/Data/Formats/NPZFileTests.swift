import Foundation
import StrataTestSupport
import Testing

@testable import Strata

@Suite struct NPZFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    // Made by NumPy 2.4.6:
    //
    // import base64, io
    // import numpy as np
    // file = io.BytesIO()
    // x = (np.arange(3 * 784) % 251).astype(np.uint8).reshape(3, 28, 28)
    // np.savez_compressed(file, x_test=x[2:], x_train=x[:2], y_train=np.uint8([5, 0]), y_test=np.uint8([7]))
    // print(base64.b64encode(file.getvalue()).decode())
    private static let base64 =
        "UEsDBC0AAAAIAAAAIQCvEfkN//////////8KABQAeF90ZXN0Lm5weQEAEACQAwAAAAAAAFgBAAAAAAAA"
        + "m+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjoK"
        + "RhYgrKmjUKtADuCys3dwdHJ2cXVz9/D08vbx9fMPCAwKDgkNC4+IjIqOiY2LT0hMSk5JTUvPyMzKzsnN"
        + "yy8oLCouKS0rr6isqq6pratvaGxqbmlta+/o7Oru6e3rnzBx0uQpU6dNnzFz1uw5c+fNX7Bw0eIlS5ct"
        + "X7Fy1eo1a9et37Bx0+YtW7dt37Fz1+49e/ftP3Dw0OEjR48dP3Hy1OkzZ8+dv3Dx0uUrV69dv3Hz1u07"
        + "d+/df/Dw0eMnT589f/Hy1es3b9+9//Dx0+cvX799//HzFwMjEzMLKxs7BycXNw8vH7+AoJCwiKiYuISk"
        + "lLSMrJy8gqKSsoqqmrqGppa2jq6evoGhkbGJqZm5haWVtY3tqNdHvY7hdQBQSwMELQAAAAgAAAAhAO2x"
        + "etf//////////wsAFAB4X3RyYWluLm5weQEAEACgBgAAAAAAAF8BAAAAAAAAm+wX6hsQychQxlCtnpJa"
        + "nFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKRhYgrKmjUKtADuBiYGRi"
        + "ZmFlY+fg5OLm4eXjFxAUEhYRFROXkJSSlpGVk1dQVFJWUVVT19DU0tbR1dM3MDQyNjE1M7ewtLK2sbWz"
        + "d3B0cnZxdXP38PTy9vH18w8IDAoOCQ0Lj4iMio6JjYtPSExKTklNS8/IzMrOyc3LLygsKi4pLSuvqKyq"
        + "rqmtq29obGpuaW1r7+js6u7p7eufMHHS5ClTp02fMXPW7Dlz581fsHDR4iVLly1fsXLV6jVr163fsHHT"
        + "5i1bt23fsXPX7j179+0/cPDQ4SNHjx0/cfLU6TNnz52/cPHS5StXr12/cfPW7Tt3791/8PDR4ydPnz1/"
        + "8fLV6zdv373/8PHT5y9fv33/8fPXqNdHvT7q9VGvj3odj9cBUEsDBC0AAAAIAAAAIQBKpgfV////////"
        + "//8LABQAeV90cmFpbi5ucHkBABAAggAAAAAAAABGAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5T"
        + "aqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5WBgBQSwMELQAAAAgAAAAh"
        + "AE4XxSn//////////woAFAB5X3Rlc3QubnB5AQAQAIEAAAAAAAAARQAAAAAAAACb7BfqGxDJyFDGUK2e"
        + "klqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOpo6CrUKFAAudgBQSwEC"
        + "LQMtAAAACAAAACEArxH5DVgBAACQAwAACgAAAAAAAAAAAAAAgAEAAAAAeF90ZXN0Lm5weVBLAQItAy0A"
        + "AAAIAAAAIQDtsXrXXwEAAKAGAAALAAAAAAAAAAAAAACAAZQBAAB4X3RyYWluLm5weVBLAQItAy0AAAAI"
        + "AAAAIQBKpgfVRgAAAIIAAAALAAAAAAAAAAAAAACAATADAAB5X3RyYWluLm5weVBLAQItAy0AAAAIAAAA"
        + "IQBOF8UpRQAAAIEAAAAKAAAAAAAAAAAAAACAAbMDAAB5X3Rlc3QubnB5UEsFBgAAAAAEAAQA4gAAADQE"
        + "AAAAAA=="

    private func cache() -> DatasetCache {
        DatasetCache(
            directory: folder.path, mirror: "http://127.0.0.1:9",
            output: ProgressOutput(isTerminal: false) { _ in })
    }

    @Test func `Keras's own file of MNIST is read where it is in the cache`() throws {
        let bytes = try #require(Data(base64Encoded: NPZFileTests.base64))
        try folder.write([UInt8](bytes), to: "mnist.npz")
        #expect(MNIST.info.isCached(in: cache()))
        #expect(MNIST.info.location(in: cache()) == "\(folder.path)/mnist.npz")
        #expect(MNIST.info.cachedByteCount(in: cache()) == bytes.count)
        let (train, test) = try MNIST.load(from: cache())
        let pixels = (0..<3 * 784).map { UInt8($0 % 251) }
        #expect(train.x == Tensor(Array(pixels[..<1568]), shape: [2, 28, 28]))
        #expect(test.x == Tensor(Array(pixels[1568...]), shape: [1, 28, 28]))
        #expect(train.y == Tensor([5, 0] as [UInt8]))
        #expect(test.y == Tensor([7] as [UInt8]))
    }

    /// A `.npy` file of version 1.
    private static func npy(_ header: String, _ contents: [UInt8]) -> [UInt8] {
        [0x93] + Array("NUMPY".utf8) + [1, 0] + UInt16(header.utf8.count).littleEndianBytes
            + Array(header.utf8) + contents
    }

    private static func header(_ type: String, _ shape: String, order: String = "False") -> String {
        "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    }

    static let cases: [(member: [UInt8], problem: String)] = [
        (
            npy(header("<f4", "(2,)"), [0, 0, 0, 0, 0, 0, 0, 0]),
            "a is not an array of unsigned bytes in C order, but "
                + "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
        ),
        (
            npy(header("|u1", "(2,)", order: "True"), [1, 2]),
            "a is not an array of unsigned bytes in C order, but "
                + "{'descr': '|u1', 'fortran_order': True, 'shape': (2,), }"
        ),
        (
            npy(header("|u1", "(x,)"), [1, 2]),
            "a is not an array of unsigned bytes in C order, but "
                + "{'descr': '|u1', 'fortran_order': False, 'shape': (x,), }"
        ),
        (npy(header("|u1", "(3,)"), [1, 2]), "a has 2 bytes instead of 3"),
        (npy(header("|u1", "(2,)"), [1, 2, 3]), "a has 3 bytes instead of 2"),
        (
            npy(header("|u1", "(9223372036854775807,)"), [1]),
            "the dimensions of a are [9223372036854775807], "
                + "where [?] with at most 10 rows is expected"
        ),
        (
            npy(header("|u1", "(-1,)"), [1]),
            "the dimensions of a are [-1], where [?] with at most 10 rows is expected"
        ),
        (
            npy(header("|u1", "()"), [1]),
            "the dimensions of a are [], where [?] with at most 10 rows is expected"
        ),
        (
            npy(header("|u1", "(1, 1)"), [1]),
            "the dimensions of a are [1, 1], where [?] with at most 10 rows is expected"
        ),
        ([], "a is not a NumPy array"),
        (Array("no array at all".utf8), "a is not a NumPy array"),
        (Array(npy(header("|u1", "(2,)"), []).prefix(40)), "a is not a NumPy array"),
        ([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255], "a is not a NumPy array"),
    ]

    @Test(arguments: cases.indices)
    func `an array that is not what it should be is refused`(_ index: Int) throws {
        let (member, problem) = NPZFileTests.cases[index]
        let path = try folder.write(
            ZipArchive.archive(of: [("a.npy", member)]), to: "a.npz")
        #expect(throws: DataError.corruptSet(file: path, problem: problem)) {
            try NPZFile(path, limit: 10_000).read("a", row: [], limit: 10)
        }
    }

    @Test func `a missing array and a damaged archive are reported`() throws {
        let whole = try ZipArchive.archive(of: [("a.npy", [1])])
        let path = try folder.write(whole, to: "a.npz")
        let missing = #expect(throws: DataError.self) {
            try NPZFile(path, limit: 1000).read("b", row: [], limit: 10)
        }
        #expect(missing?.description.contains("b.npy") == true)
        try folder.write(whole.dropLast(3), to: "a.npz")
        #expect(throws: DataError.self) { try NPZFile(path, limit: 1000) }
    }
}
