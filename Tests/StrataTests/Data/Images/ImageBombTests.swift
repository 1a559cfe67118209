import CAllocationCounter
import Testing

@testable import Strata

/// Small files that would take much memory or time.
@Suite struct ImageBombTests {
    /// What decoding a file takes at most, in bytes, and what comes out.
    private func decode(
        _ bytes: [UInt8]
    ) -> (result: Result<Tensor, DataError>, peak: Int) {
        ac_watch_thread()
        let result = Result { () throws(DataError) in
            try ImageDecoder.decode(bytes, file: "bomb")
        }
        return (result, ac_thread_peak())
    }

    private func problem(_ bytes: [UInt8]) -> (text: String, peak: Int) {
        let (result, peak) = decode(bytes)
        guard case .failure(let error) = result else { return ("it was decoded", peak) }
        return (error.description, peak)
    }

    /// Text of 2 MB packed into 12 kB: a zero, then 8128 times the 258 bytes that begin one before.
    private static let packedText: [UInt8] = {
        // RFC 1951, fixed codes: 00110000 is the byte 0, 11000101 the length 258, 00000 the distance
        // 1, 0000000 the end; codes begin with their upper bit, the header with its lower one.
        var bits = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<8128 { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        bits += Array(repeating: 0, count: (8 - bits.count % 8) % 8)
        let packed = stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(UInt8(0)) { $0 | UInt8(bits[start + $1]) << UInt8($1) }
        }
        // Adler's sum of n zeros: 1, and n modulo 65521 above it.
        let count = UInt32((1 + 8128 * 258) % 65_521)
        return [0x78, 1] + packed + (count << 16 | 1).bigEndianBytes
    }()

    @Test(arguments: ["zTXt", "iTXt"])
    func `what is packed beside the pixels stays packed`(_ type: String) throws {
        let key = Array("key".utf8)
        let start = type == "iTXt" ? key + [0, 1, 0, 0, 0] : key + [0, 0]
        let file = PNGFile(
            width: 2, height: 1, colourType: 0, rows: [[7, 8]],
            others: (0..<20).flatMap { _ in PNGFile.chunk(type, start + Self.packedText) })
        let (result, peak) = decode(file.bytes)
        #expect(try result.get() == Tensor([7, 8] as [UInt8], shape: [1, 2, 1]))
        // A text alone is 2 MB; libpng's own structures and zlib's window are less.
        #expect(peak < 500_000, "\(peak)")
    }

    @Test func `a picture larger than its file can hold is refused before memory is taken`() {
        var file = PNGFile(width: 9000, height: 9000, colourType: 2, rows: [[0, 0, 0]])
        #expect(
            problem(file.bytes).text
                == "bomb: it is too short for 9000 x 9000 pixels; use a whole PNG or JPEG file")
        #expect(problem(file.bytes).peak < 500_000)
        (file.width, file.height) = (60_000, 60_000)
        #expect(problem(file.bytes).text.contains("60000 × 60000 pixels are too many"))
        #expect(problem(file.bytes).peak < 500_000)
        for fixture in JPEGFixture.all {
            var bytes = fixture.file
            let frame =
                bytes.indices.first {
                    bytes[$0] == 0xFF && [0xC0, 0xC2].contains(bytes[$0 + 1])
                } ?? 0
            // Marker, length and depth, then height and width.
            for (side, text) in [
                (9000, "it is too short for 9000 x 9000 pixels; use a whole PNG or JPEG file"),
                (60_000, "60000 × 60000 pixels are too many; use a picture of at most 100000000"),
            ] {
                bytes.replaceSubrange(
                    frame + 5..<frame + 9, with: UInt32(side << 16 | side).bigEndianBytes)
                let (found, peak) = problem(bytes)
                #expect(found == "bomb: \(text)")
                #expect(peak < 500_000, "\(peak)")
            }
        }
    }

    @Test func `an even picture as small as JPEG makes it is no bomb`() throws {
        let (result, _) = decode(ProgressiveFile(side: 2000, scans: 0).bytes)
        #expect(
            try result.get()
                == Tensor(
                    Array(repeating: 128, count: 4_000_000) as [UInt8], shape: [2000, 2000, 1]))
    }

    @Test func `a picture in more scans than any encoder writes is refused`() throws {
        let some = ProgressiveFile(side: 16, scans: 300).bytes
        #expect(
            try decode(some).result.get()
                == Tensor(Array(repeating: 128, count: 256) as [UInt8], shape: [16, 16, 1]))
        let many = ProgressiveFile(side: 16, scans: 800).bytes
        #expect(
            problem(many).text == "bomb: it has too many scans; use a whole PNG or JPEG file")
        // Of 81 million pixels 24 scans may be read.
        let large = ProgressiveFile(side: 9000, scans: 40).bytes
        #expect(
            problem(large).text == "bomb: it has too many scans; use a whole PNG or JPEG file")
    }
}

/// An even grey as progressive JPEG (ITU T.81), with scans in which nothing changes.
private struct ProgressiveFile {
    var side: Int
    /// Behind the first one, each for one bit of one coefficient; 63 · 14 at most.
    var scans: Int

    var bytes: [UInt8] {
        let blocks = ((side + 7) / 8) * ((side + 7) / 8)
        let length = UInt16(side).bigEndianBytes
        var file: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + Array(repeating: 1, count: 64)
        file += [0xFF, 0xC2, 0, 11, 8] + length + length + [1, 1, 0x11, 0]
        // One code, the bit 0: for a difference of 0; for the ends of blocks, 16384 and more of them
        // at once (the code is followed by 14 bits that say how many more), or one.
        file += Self.table(0x00, 0x00) + Self.table(0x10, 0xE0) + Self.table(0x11, 0x00)
        file += Self.scan(0, 0, 0, 0, table: 0) + Self.zeros(blocks)
        let runs = blocks / 16_384
        for number in 0..<scans {
            let (place, shift) = (UInt8(number / 14 + 1), UInt8(13 - number % 14))
            let high = shift == 13 ? 0 : shift + 1
            if runs > 0 {
                file += Self.scan(place, place, high, shift, table: 0)
                file += Self.zeros(15 * ((blocks + 16_383) / 16_384))
            } else {
                file += Self.scan(place, place, high, shift, table: 1) + Self.zeros(blocks)
            }
        }
        return file + [0xFF, 0xD9]
    }

    /// So many bits 0, the last byte filled up with 1.
    private static func zeros(_ bits: Int) -> [UInt8] {
        let rest = bits % 8
        return Array(repeating: 0, count: bits / 8) + (rest > 0 ? [UInt8(0xFF) >> UInt8(rest)] : [])
    }

    private static func table(_ place: UInt8, _ symbol: UInt8) -> [UInt8] {
        [0xFF, 0xC4, 0, 20, place, 1] + Array(repeating: 0, count: 15) + [symbol]
    }

    private static func scan(
        _ first: UInt8, _ last: UInt8, _ high: UInt8, _ low: UInt8, table: UInt8
    ) -> [UInt8] {
        [0xFF, 0xDA, 0, 8, 1, 1, table, first, last, high << 4 | low]
    }
}
