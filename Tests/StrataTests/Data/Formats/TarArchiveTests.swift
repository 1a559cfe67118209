import Testing

@testable import Strata

@Suite struct TarArchiveTests {
    private static let first = tarEntry("set/a.bin", Array("first".utf8))
    private static let second = tarEntry("set/b.bin", [UInt8](repeating: 7, count: 700))
    private static let sizes = ["set/a.bin": 5, "set/b.bin": 700]

    private func extract(_ archive: [UInt8]) throws -> [String: [UInt8]] {
        try TarArchive.extract(TarArchiveTests.sizes, from: archive, file: "set.tar.gz")
    }

    @Test func `the named files are taken out, and nothing else`() throws {
        let archive = tarGzip([
            tarEntry("set/", [], type: "5"), TarArchiveTests.second,
            tarEntry("../../etc/passwd", Array("root".utf8)),
            tarEntry("set/a.bin", [], type: "2"), TarArchiveTests.first,
        ])
        #expect(
            try extract(archive) == [
                "set/a.bin": Array("first".utf8), "set/b.bin": [UInt8](repeating: 7, count: 700),
            ])
    }

    static let cases: [(name: String, archive: [UInt8], problem: String)] = [
        ("one file only", tarGzip([first]), "it does not hold set/b.bin"),
        (
            "another size", tarGzip([first, tarEntry("set/b.bin", [1, 2])]),
            "set/b.bin in it has 2 bytes instead of 700"
        ),
        (
            "cut off", gzip(Array((first + second).dropLast(600))),
            "it ends 276 bytes early once unpacked"
        ),
        (
            "no end", gzip(first), "it ends 512 bytes early once unpacked"
        ),
        (
            "no tar", gzip([UInt8](repeating: 65, count: 2048)),
            "it is not a tar archive, or damaged"
        ),
        (
            "a changed byte", gzip(first.enumerated().map { $0 == 3 ? 64 : $1 } + second),
            "it is not a tar archive, or damaged"
        ),
    ]

    @Test(arguments: cases.indices)
    func `a damaged archive is refused with what is wrong with it`(_ index: Int) {
        let (name, archive, problem) = TarArchiveTests.cases[index]
        #expect(throws: DataError.corruptSet(file: "set.tar.gz", problem: problem), "\(name)") {
            try extract(archive)
        }
    }

    @Test func `a size that is no number is refused`() {
        var entry = tarEntry("set/a.bin", [])
        let old = entry[124..<136].reduce(0) { $0 + Int($1) }
        entry.replaceSubrange(124..<136, with: [UInt8](repeating: UInt8(ascii: "9"), count: 12))
        // The checksum follows, so that it is the size that is complained about.
        let sum = Int(String(decoding: entry[148..<154], as: UTF8.self), radix: 8) ?? 0
        let digits = String(sum - old + 12 * Int(UInt8(ascii: "9")), radix: 8)
        entry.replaceSubrange(148..<154, with: Array("000000\(digits)".utf8.suffix(6)))
        #expect(
            throws: DataError.corruptSet(
                file: "set.tar.gz", problem: "it holds an entry without a size")
        ) {
            try extract(tarGzip([entry]))
        }
    }
}
