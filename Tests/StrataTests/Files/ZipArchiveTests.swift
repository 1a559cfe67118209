import Testing

@testable import Strata

@Suite struct ZipArchiveTests {
    static let members: [(name: String, contents: [UInt8])] = [
        ("metadata.json", Array("{}".utf8)),
        ("empty", []),
        ("assets/größe", (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ]

    /// Made by Python's `zipfile` with `ZIP_DEFLATED`: `a` holds 200 times the letter x.
    static let deflated: [UInt8] = [
        80, 75, 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 33, 0, 166, 107, 203, 126, 6, 0, 0, 0, 200, 0, 0,
        0, 1, 0, 0, 0, 97, 171, 168, 24, 30, 0, 0, 80, 75, 1, 2, 20, 3, 20, 0, 0, 0, 8, 0, 0, 0,
        33, 0, 166, 107, 203, 126, 6, 0, 0, 0, 200, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        128, 1, 0, 0, 0, 0, 97, 80, 75, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 37, 0, 0, 0, 0,
        0,
    ]

    func error(_ bytes: [UInt8], _ limits: ZipArchive.Limits = .init()) -> String? {
        #expect(throws: FileError.self) { try ZipArchive(bytes, limits: limits) }?.description
    }

    @Test func `what is written is read back, in the same order`() throws {
        let archive = try ZipArchive(ZipArchive.archive(of: Self.members))
        #expect(archive.entries.map(\.name) == Self.members.map(\.name))
        for (name, contents) in Self.members { #expect(try archive.read(name) == contents) }
    }

    @Test func `members are stored as they are, with the earliest date`() throws {
        let bytes = try ZipArchive.archive(of: [("a", Array("hello".utf8))])
        // APPNOTE.TXT 6.3.10, section 4.3.7: signature, version, flags, method 0, time 0, and the
        // date, 1 January 1980.
        #expect(Array(bytes[0..<4]) == [0x50, 0x4B, 3, 4])
        #expect(Array(bytes[8..<14]) == [0, 0, 0, 0, 0x21, 0])
        #expect(Array(bytes[31..<36]) == Array("hello".utf8))
        #expect(try ZipArchive.archive(of: [("a", Array("hello".utf8))]) == bytes)
    }

    @Test func `deflated members are read`() throws {
        let archive = try ZipArchive(Self.deflated)
        #expect(try archive.read("a") == [UInt8](repeating: 0x78, count: 200))
    }

    @Test func `a member that is not there is an error that lists those that are`() throws {
        let archive = try ZipArchive(ZipArchive.archive(of: Self.members))
        let thrown = #expect(throws: FileError.self) { try archive.read("config.json") }
        #expect(
            thrown?.description
                == "config.json: the archive has no such member, only: metadata.json, empty, "
                + "assets/größe")
    }

    @Test func `bytes after the archive are an error`() throws {
        let bytes = try ZipArchive.archive(of: Self.members)
        #expect(
            error(bytes + Array("rubbish".utf8))
                == "byte \(bytes.count): the archive ends here, but 7 more bytes follow; "
                + "cut them off, or save the file again")
    }

    @Test func `bytes before the archive are an error`() throws {
        let bytes = try ZipArchive.archive(of: Self.members)
        #expect(error([1, 2] + bytes) == "this is no zip archive: it does not begin as one")
        #expect(error([]) == "this is no zip archive: it does not begin as one")
    }

    @Test func `an archive that is cut off is an error, wherever it is cut`() throws {
        let bytes = try ZipArchive.archive(of: Self.members)
        for length in [4, 21, 100, 40_000, bytes.count - 30, bytes.count - 1] {
            #expect(
                error(Array(bytes.prefix(length)))
                    == "byte \(length): the archive has no end: it is cut off, or more than 65535 "
                    + "bytes of something else follow it; copy or save the file again")
        }
    }

    @Test func `two members of one name are an error`() throws {
        // libzip does not write such a thing, so the second name is changed afterwards.
        var bytes = try ZipArchive.archive(of: [("aa", [1]), ("ab", [2])])
        for index in bytes.indices.dropLast() where bytes[index...(index + 1)] == [0x61, 0x62] {
            bytes[index + 1] = 0x61
        }
        #expect(error(bytes) == "aa: two members of the archive have this name")
    }

    @Test func `a changed byte is an error`() throws {
        var bytes = try ZipArchive.archive(of: [("a", Array("hello".utf8))])
        bytes[33] ^= 1
        let archive = try ZipArchive(bytes)
        let thrown = #expect(throws: FileError.self) { try archive.read("a") }
        #expect(thrown?.description == "a: the archive is damaged: CRC error")
    }

    @Test func `what unpacks to far more than it is is refused`() {
        let limits = ZipArchive.Limits(unsuspiciousByteCount: 100, expansion: 30)
        #expect(
            error(Self.deflated, limits)
                == "a: 6 bytes claim to unpack to 200: refused as a bomb")
    }

    @Test func `more members than a limit are refused`() throws {
        let bytes = try ZipArchive.archive(of: Self.members)
        #expect(
            error(bytes, ZipArchive.Limits(entryCount: 2))
                == "the archive has 3 members; more than 2 are refused")
    }

    @Test func `a size that the archive cannot have is refused`() throws {
        // The sizes stand in the local header at 18 and 22, and in the directory at 20 and 24.
        var bytes = try ZipArchive.archive(of: [("a", Array("hello".utf8))])
        let directory = 30 + 1 + 5
        for place in [18, 22, directory + 20, directory + 24] { bytes[place + 3] = 0x7F }
        #expect(throws: FileError.self) { try ZipArchive(bytes).read("a") }
    }

    @Test(arguments: [0, 1])
    func `a damaged archive is read or refused, and never more`(kind: Int) throws {
        let bytes = kind == 0 ? try ZipArchive.archive(of: Self.members) : Self.deflated
        var refused = 0
        for damaged in Damage(bytes, copies: kind == 0 ? 60 : 3000) {
            do throws(FileError) {
                let archive = try ZipArchive(damaged)
                for entry in archive.entries { _ = try archive.read(entry.name) }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 40)
    }
}
