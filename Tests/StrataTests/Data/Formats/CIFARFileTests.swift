import StrataTestSupport
import Testing

@testable import Strata

@Suite struct CIFARFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A record whose red, green and blue planes count up from different numbers.
    private func record(_ labels: [UInt8], from start: UInt8) -> [UInt8] {
        labels
            + (0..<3).flatMap { plane in
                (0..<1024).map { UInt8(truncatingIfNeeded: $0) &+ start &+ 100 * UInt8(plane) }
            }
    }

    @Test func `pictures are taken apart by pixel and colour, in the order of the files`() throws {
        let paths = try [
            folder.write(record([3], from: 0) + record([9], from: 5), to: "1.bin"),
            folder.write(record([0], from: 7) + record([1], from: 9), to: "2.bin"),
        ]
        let (x, y) = try CIFARFile.read(
            paths, recordCount: 2, classCounts: [10], labelIndex: 0)
        #expect(x.shape == [4, 32, 32, 3])
        #expect(y == Tensor([3, 9, 0, 1] as [UInt8], shape: [4, 1]))
        // Row 1, column 2 of picture 1 is pixel 34, whose planes start at 5, 105 and 205.
        #expect(x[1][1][2] == Tensor([39, 139, 239] as [UInt8]))
        #expect(x[3][0][0] == Tensor([9, 109, 209] as [UInt8]))
        #expect(x[2][31][31] == Tensor([6, 106, 206] as [UInt8]))
    }

    @Test(arguments: [(0, [4, 19]), (1, [77, 99])] as [(Int, [UInt8])])
    func `either of two labels can be had`(_ index: Int, _ labels: [UInt8]) throws {
        let path = try folder.write(
            record([4, 77], from: 0) + record([19, 99], from: 1), to: "train.bin")
        let (x, y) = try CIFARFile.read(
            [path], recordCount: 2, classCounts: [20, 100], labelIndex: index)
        #expect(y == Tensor(labels, shape: [2, 1]))
        #expect(x[1][0][1] == Tensor([2, 102, 202] as [UInt8]))
    }

    @Test(arguments: [0, 1, 3072, 6145, 6147])
    func `a file of another length is refused`(_ count: Int) throws {
        let path = try folder.write([UInt8](repeating: 0, count: count), to: "1.bin")
        #expect(
            throws: DataError.corruptSet(
                file: path,
                problem: "it has \(count) bytes instead of 6146, which are 2 pictures")
        ) {
            try CIFARFile.read([path], recordCount: 2, classCounts: [10], labelIndex: 0)
        }
    }

    @Test func `a label that there is no class for is refused`() throws {
        let path = try folder.write(record([9], from: 0) + record([10], from: 0), to: "1.bin")
        #expect(
            throws: DataError.corruptSet(
                file: path,
                problem: "picture 1 has the label 10, where there are 10 classes")
        ) {
            try CIFARFile.read([path], recordCount: 2, classCounts: [10], labelIndex: 0)
        }
    }

    @Test func `a missing file is reported with its name`() throws {
        let error = #expect(throws: DataError.self) {
            try CIFARFile.read(
                ["\(folder.path)/none.bin"], recordCount: 1, classCounts: [10], labelIndex: 0)
        }
        #expect(
            error?.description
                == "\(folder.path)/none.bin: cannot be read: No such file or directory; "
                + "check the path and its permissions")
    }
}
