import CAllocationCounter
import Foundation
import Testing

@testable import Strata

/// Damaged pictures: whatever a decoder gets, it decodes it or says why not.
///
/// `STRATA_FUZZ` is how many mutated files are tried; a few by default, so that the suite stays quick.
@Suite struct ImageFuzzTests {
    private static let count =
        ProcessInfo.processInfo.environment["STRATA_FUZZ"].flatMap { Int($0) } ?? 2000

    private static var seeds: [[UInt8]] {
        let pixels: [UInt8] = Array(0..<60)
        let pngs = (1...4).compactMap { channels in
            try? ImageEncoder.png(
                Tensor(Array(pixels.prefix(12 * channels)), shape: [3, 4, channels]))
        }
        let palette = PNGFile(
            width: 2, height: 1, colourType: 3, rows: [[0, 1]], palette: [10, 20, 30, 40, 50, 60],
            transparency: [128]
        ).bytes
        let interlaced = PNGFile(
            width: 3, height: 2, colourType: 0, rows: [[1], [3], [2], [4, 5, 6]],
            isInterlaced: true
        ).bytes
        return JPEGFixture.all.map(\.file) + pngs + [palette, interlaced]
    }

    @Test func `mutated files are decoded or refused`() {
        var generator = RandomGenerator(seed: 11)
        let seeds = Self.seeds
        var (decoded, peak) = (0, 0)
        for number in 0..<Self.count {
            var bytes = seeds[number % seeds.count]
            // Most changes are small, so that they get past the first check.
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][place % 6]
                case 3: bytes.removeSubrange(place..<min(place + 5, bytes.count))
                case 4:
                    bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
                default: bytes.removeLast(min(3, bytes.count))
                }
            }
            // Of a PNG's chunks most would be refused for their checksum alone.
            if number % 2 == 0 { PNGChecksums.mend(&bytes) }
            ac_watch_thread()
            let image = try? ImageDecoder.decode(
                bytes, file: "fuzz", isUpright: true, least: number % 3 == 0 ? (2, 2) : nil)
            let taken = ac_thread_peak()
            peak = max(peak, taken)
            // A byte stands for 1024 pixels of a JPEG at most, of 3 bytes and, in a progressive one, 4
            // coefficients of 2; or for 1032 bytes of a PNG, each of which may be 8 pixels of 4.
            let most = (1 << 20) + bytes.count * (bytes.first == 0x89 ? 1032 * 33 : 1024 * 12)
            #expect(taken <= most, "\(taken) for \(bytes.count) bytes")
            if let image {
                decoded += 1
                #expect(image.rank == 3 && image.count > 0)
            }
        }
        // Some changes hurt nobody, and most do: otherwise this would test one way only.
        #expect(decoded > Self.count / 50 && decoded < Self.count * 49 / 50, "\(decoded)")
        if Self.count > 2000 { print("\(decoded) decoded; at most \(peak) bytes at once") }
    }
}

/// The checksums of a PNG's chunks, written anew after a change.
private enum PNGChecksums {
    /// The polynomial of ISO 3309, reflected, as PNG has it.
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }

    static func mend(_ bytes: inout [UInt8]) {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return }
        var place = 8
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - place - 12 else { return }
            let end = place + 8 + length
            var sum: UInt32 = 0xFFFF_FFFF
            for byte in bytes[place + 4..<end] {
                sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8
            }
            for shift in 0..<4 {
                bytes[end + shift] = UInt8(truncatingIfNeeded: ~sum >> UInt32(24 - 8 * shift))
            }
            place = end + 4
        }
    }
}
