import StrataTestSupport
import Testing

@testable import Strata

@Suite struct IDXFileTests {
    private let folder: TemporaryFolder
    private let pixels: [UInt8] = Array(1...12)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ bytes: [UInt8], row: [Int] = [2, 3], limit: Int = 5) throws -> Tensor {
        try IDXFile.read(folder.write(bytes, to: "x.gz"), row: row, limit: limit)
    }

    @Test func `pictures come with the shape that their header says`() throws {
        let tensor = try read(gzip(idx([2, 2, 3], pixels)))
        #expect(tensor == Tensor(pixels, shape: [2, 2, 3]))
    }

    @Test func `labels have one dimension`() throws {
        #expect(try read(gzip(idx([3], [7, 0, 9])), row: []) == Tensor([7, 0, 9] as [UInt8]))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var problem: String

        init(_ name: String, _ bytes: [UInt8], _ problem: String) {
            testDescription = name
            self.bytes = bytes
            self.problem = problem
        }
    }

    static let pixels: [UInt8] = Array(1...12)
    static let whole = gzip(idx([2, 2, 3], pixels))
    static let cases: [Case] = [
        Case("an empty file", [], "its gzip stream is truncated"),
        Case(
            "no gzip", idx([2, 2, 3], pixels), "its gzip stream is damaged (incorrect header check)"
        ),
        Case("half of the file", Array(whole.prefix(20)), "its gzip stream is truncated"),
        Case("without its last byte", whole.dropLast(), "its gzip stream is truncated"),
        Case("with a byte more", whole + [0], "1 bytes follow the end of its gzip stream"),
        Case(
            "a wrong checksum", whole.dropLast(8) + [0, 0, 0, 0] + whole.suffix(4),
            "its gzip stream is damaged (incorrect data check)"),
        Case(
            "another format", gzip(Array("PK\u{3}\u{4} and so on".utf8)),
            "it is not an IDX file: it starts with bytes [80, 75, 3, 4]"),
        Case(
            "floats", gzip(idx([2, 2, 3], pixels, magic: [0, 0, 13, 3])),
            "its elements are of IDX type 13 instead of 8, unsigned bytes"),
        Case("labels", gzip(idx([12], pixels)), "it has 1 dimensions instead of 3"),
        Case(
            "other dimensions", gzip(idx([2, 3, 2], pixels)),
            "its dimensions are [2, 3, 2], where [?, 2, 3] with at most 5 rows is expected"),
        Case(
            "too many rows", gzip(idx([6, 2, 3], pixels)),
            "its dimensions are [6, 2, 3], where [?, 2, 3] with at most 5 rows is expected"),
        Case(
            "absurdly many rows", gzip(idx([0xFFFF_FFFF, 2, 3], pixels)),
            "its dimensions are [4294967295, 2, 3], "
                + "where [?, 2, 3] with at most 5 rows is expected"),
        Case(
            "no rows", gzip(idx([0, 2, 3], [])),
            "its dimensions are [0, 2, 3], where [?, 2, 3] with at most 5 rows is expected"),
        Case("a header only", gzip([0, 0, 8]), "it ends 1 bytes early once unpacked"),
        Case(
            "too few pixels", gzip(idx([2, 2, 3], pixels.dropLast(2))),
            "it ends 2 bytes early once unpacked"),
        Case(
            "too many pixels", gzip(idx([2, 2, 3], pixels + [0])),
            "more data follows than its header announces"),
    ]

    @Test(arguments: cases)
    func `a damaged file is refused with what is wrong with it`(_ damaged: Case) throws {
        let path = try folder.write(damaged.bytes, to: "x.gz")
        #expect(throws: DataError.corruptSet(file: path, problem: damaged.problem)) {
            try IDXFile.read(path, row: [2, 3], limit: 5)
        }
    }

    @Test func `no prefix of a file passes for the file`() throws {
        for count in 0..<IDXFileTests.whole.count {
            #expect(throws: DataError.self) {
                try read(Array(IDXFileTests.whole.prefix(count)))
            }
        }
    }

    @Test func `no change of a single byte passes unnoticed, but in the parts without meaning`()
        throws
    {
        // Modification time, hints to the system and the operating system (RFC 1952).
        let meaningless = Set(4...9)
        for position in 0..<IDXFileTests.whole.count where !meaningless.contains(position) {
            for bit in 0..<8 {
                var bytes = IDXFileTests.whole
                bytes[position] ^= 1 << bit
                // Bit 0 of the flags says that the contents are text, which changes nothing; the
                // stored block's padding bits are ignored as well.
                if position == 3 && bit == 0 || position == 10 && bit > 2 { continue }
                #expect(throws: DataError.self, "byte \(position), bit \(bit)") {
                    try read(bytes)
                }
            }
        }
    }

    @Test func `a file far larger than the set is not even read`() throws {
        let path = try folder.write([UInt8](repeating: 0, count: 2000), to: "x.gz")
        #expect(
            throws: DataError.unreadable(
                file: path, reason: "it has 2000 bytes, where at most 1054 are sensible")
        ) {
            try IDXFile.read(path, row: [2, 3], limit: 5)
        }
    }
}
