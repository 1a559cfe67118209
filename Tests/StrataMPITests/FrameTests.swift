#if MPI
import Testing

@testable import StrataMPI

@Suite struct FrameTests {
    static let frames = [
        Frame(kind: .hello, first: 3, second: .min),
        Frame(kind: .beat, first: 258, second: -1),
        Frame(kind: .verdict, text: "rank 1 on host köln died\nfix"),
        Frame(kind: .goodbye),
    ]

    @Test("what one monitor sends the other reads, however it is cut")
    func roundTrip() {
        var bytes: [UInt8] = []
        var read: [Frame] = []
        for byte in Self.frames.flatMap(\.bytes) {
            bytes.append(byte)
            if case .frame(let frame) = Frame.take(from: &bytes) { read.append(frame) }
        }
        #expect(read == Self.frames)
        #expect(bytes.isEmpty)
    }

    @Test("numbers are little-endian, the text has its length in front")
    func layout() {
        let frame = Frame(kind: .abandon, first: 1, second: 512, text: "no")
        let wanted: [UInt8] = [
            4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 2, 0, 110, 111,
        ]
        #expect(frame.bytes == wanted)
    }

    @Test("what is not of a rank is refused, and a long reason cut")
    func hostile() {
        var unknown: [UInt8] = Array("GET / HTTP/1.1".utf8)
        #expect(Frame.take(from: &unknown) == .invalid)
        var long = [UInt8](repeating: 0, count: 17) + [255, 255]
        #expect(Frame.take(from: &long) == .invalid)
        var cut = Frame(kind: .abandon, text: String(repeating: "a", count: 70_000)).bytes
        #expect(
            Frame.take(from: &cut)
                == .frame(Frame(kind: .abandon, text: String(repeating: "a", count: 4096))))
    }
}
#endif
