#if MPI
/// One message between the monitors of two ranks.
struct Frame: Equatable {
    enum Kind: UInt8 {
        /// The first of a connection: the rank and the token.
        case hello
        /// Rank 0's answer: the token.
        case welcome
        /// Each second: the steps, and how long the rank has waited.
        case beat
        /// The process ends well.
        case goodbye
        /// The process gives up: the reason.
        case abandon
        /// Rank 0's: the problem and the fix, as two lines.
        case verdict
    }

    var kind: Kind
    var first = 0
    var second = 0
    var text = ""

    private static let headerSize = 19
    private static let largestText = 4096

    var bytes: [UInt8] {
        let content = Array(text.utf8.prefix(Self.largestText))
        var result: [UInt8] = [kind.rawValue]
        for number in [first, second] {
            result += withUnsafeBytes(of: Int64(number).littleEndian, Array.init)
        }
        result += [UInt8(content.count & 255), UInt8(content.count >> 8)]
        return result + content
    }

    enum Reading: Equatable {
        case frame(Frame)
        /// Its end has not come.
        case incomplete
        /// Not of a rank.
        case invalid
    }

    /// Takes the next frame from what a connection has brought.
    static func take(from bytes: inout [UInt8]) -> Reading {
        guard let first = bytes.first else { return .incomplete }
        guard let kind = Kind(rawValue: first) else { return .invalid }
        guard bytes.count >= headerSize else { return .incomplete }
        let size = Int(bytes[17]) | Int(bytes[18]) << 8
        guard size <= largestText else { return .invalid }
        guard bytes.count >= headerSize + size else { return .incomplete }
        func number(at place: Int) -> Int {
            Int((0..<8).reduce(Int64(0)) { $0 | Int64(bytes[place + $1]) << Int64($1 * 8) })
        }
        let text = String(decoding: bytes[headerSize..<headerSize + size], as: UTF8.self)
        let frame = Frame(kind: kind, first: number(at: 1), second: number(at: 9), text: text)
        bytes.removeFirst(headerSize + size)
        return .frame(frame)
    }
}
#endif
