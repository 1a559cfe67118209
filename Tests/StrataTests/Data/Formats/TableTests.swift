import Foundation
import StrataTestSupport
import Testing

@testable import Strata

@Suite struct TableTests {
    @Test func `numbers and classes come from columns by their names`() throws {
        let text = "\u{FEFF}length,kind,width\r\n1.5,\"b, \"\"or\"\" c\",2\r\n-3e1,a,4\r\n\r\n5,a,6"
        let table = try CSVTable(text: text, file: "t.csv")
        #expect(table.columnNames == ["length", "kind", "width"])
        #expect(table.count == 3)
        #expect(
            try table.numbers(["width", "length"])
                == Tensor([2, 1.5, 4, -30, 6, 5], shape: [3, 2]))
        let (y, names) = try table.classes("kind")
        #expect(names == ["a", "b, \"or\" c"])
        #expect(y == Tensor([1, 0, 0] as [Int32]))
    }

    @Test(arguments: [
        ("a,b\n1", "t.csv: line 2 has 1 fields, where the first has 2; give every line as many"),
        ("a\n\"1", "t.csv: a quote does not end; add the second quote"),
        ("\n\n", "t.csv: there is nothing in it; begin with the names of the columns"),
        (
            "a\nx",
            "t.csv: \"x\" in row 1 of column a is no number; fill it in, or take out the row"
        ),
        ("b\n1", "t.csv has no column a; use one of b"),
        (
            "a,a\n1,2",
            "t.csv: columns 1 and 2 are both called a; give each column a name of its own in the first line"
        ),
        (
            "a,b, a \n1,2,3",
            "t.csv: columns 1 and 3 are both called a; give each column a name of its own in the first line"
        ),
        ("a\n1,2", "t.csv: line 2 has 2 fields, where the first has 1; give every line as many"),
    ])
    func `a table that makes no sense says where`(text: String, message: String) {
        let error = #expect(throws: DataError.self) {
            try CSVTable(text: text, file: "t.csv").numbers(["a"])
        }
        #expect(error?.description == message)
    }

    @Test func `blanks do not belong to a name, and a column without one is called as in pandas`()
        throws
    {
        let table = try CSVTable(text: "\u{FEFF}, a ,\"b,\"\n0,1,2\n1,3,4\n", file: "t.csv")
        #expect(table.columnNames == ["Unnamed: 0", "a", "b,"])
        #expect(
            try table.numbers(["b,", "a", "Unnamed: 0"])
                == Tensor([2, 1, 0, 4, 3, 1], shape: [2, 3]))
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0], [0x61, 0x0A, 0xE9]] as [[UInt8]])
    func `text in another encoding is refused`(bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "t.csv")
        let error = #expect(throws: DataError.self) { try CSVTable(file: path) }
        #expect(error?.description == "\(path): it is not UTF-8 text; save it as CSV in UTF-8")
    }

    /// A `.npy` file as `numpy.save` lays it out.
    private func npy(_ type: String, _ shape: String, _ data: [UInt8], order: String = "False")
        -> [UInt8]
    {
        let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
            + data
    }

    @Test func `arrays of NumPy's types are read`() throws {
        func read(_ bytes: [UInt8]) throws -> Tensor { try NPYArray(bytes, file: "x").tensor }
        #expect(
            try read(npy("|u1", "(2, 1)", [3, 255])) == Tensor([3, 255] as [UInt8], shape: [2, 1]))
        #expect(try read(npy("|i1", "(1,)", [255])) == Tensor([-1] as [Int32]))
        #expect(try read(npy("|b1", "(2,)", [0, 1])) == Tensor([false, true]))
        #expect(
            try read(npy("|u1", "(2, 3)", [1, 2, 3, 4, 5, 6], order: "True"))
                == Tensor([1, 3, 5, 2, 4, 6] as [UInt8], shape: [2, 3]))
        #expect(try read(npy(">i2", "(1L,)", [0x01, 0x02])) == Tensor([258] as [Int32]))
        // 1.5 is 0x3E00 in half precision.
        #expect(try read(npy("<f2", "(1,)", [0, 0x3E])) == Tensor([1.5]))
        #expect(try read(npy("<i2", "(1,)", [0xFE, 0xFF])) == Tensor([-2] as [Int32]))
        #expect(try read(npy("<i8", "()", [5, 0, 0, 0, 0, 0, 0, 0])).shape == [])
        // 1.5 is 0x3FC00000 in single and 0x3FF8000000000000 in double precision (IEEE 754).
        #expect(try read(npy("<f4", "(1,)", [0, 0, 0xC0, 0x3F])) == Tensor([1.5]))
        #expect(try read(npy("<f8", "(1,)", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F])) == Tensor([1.5]))
    }

    @Test func `arrays that are not plain numbers are refused`() {
        let bad = [
            npy("|u1", "(3,)", [1, 2]), npy("|O", "(1,)", [1]), npy("<f4", "(1,)", [1, 2, 3]),
            npy("|u1", "(2,)", [1, 2], order: "None"), npy("|u1", "(-1,)", []),
            npy("<i8", "(1,)", [0, 0, 0, 0, 1, 0, 0, 0]),
            npy("|u1", "(4611686018427387904, 4)", []), [], Array("NUMPY".utf8),
            Array(npy("|u1", "(3,)", [1, 2, 3]).prefix(20)),
        ]
        for bytes in bad {
            #expect(throws: DataError.self) { try NPYArray(bytes, file: "x") }
        }
    }

    @Test func `a file and an archive are read from disk`() throws {
        let folder = FileManager.default.temporaryDirectory
        let file = folder.appending(path: "\(UUID().uuidString).npy")
        defer { try? FileManager.default.removeItem(at: file) }
        let bytes = npy("|u1", "(2,)", [8, 9])
        try Data(bytes).write(to: file)
        #expect(try Tensor(npy: file.path) == Tensor([8, 9] as [UInt8]))
        try Data(ZipArchive.archive(of: [("x.npy", bytes), ("note.txt", [1])])).write(to: file)
        #expect(try Tensor.arrays(npz: file.path) == ["x": Tensor([8, 9] as [UInt8])])
        #expect(throws: DataError.self) { try Tensor(npy: file.path) }
    }
}
