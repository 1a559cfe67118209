/// The header of a NumPy array (`numpy.lib.format`, versions 1 to 3).
struct NPYHeader {
    /// A Python dictionary: `{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }`.
    let text: String
    /// The offset of the elements.
    let end: Int

    /// The header of a file; `nil` if it is invalid or truncated.
    ///
    /// After the signature come two bytes for the version and the text's length, in two bytes
    /// for version 1 and in four after it.
    init?(_ bytes: [UInt8]) {
        guard FileKind.isNumPyArray(bytes), (1...3).contains(bytes[6]) else { return nil }
        let start = bytes[6] == 1 ? 10 : 12
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        // Longer headers do not describe a plain array.
        guard length <= 10_000, start + length <= bytes.count else { return nil }
        end = start + length
        text = String(decoding: bytes[start..<end], as: UTF8.self).filter { !$0.isNewline }
    }

    /// The header of an array in C order, in version 1 if it fits.
    ///
    /// The elements start at a multiple of 64 bytes, as in NumPy.
    static func bytes(elementName: String, shape: [Int]) -> [UInt8] {
        let sizes = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': '\(elementName)', 'fortran_order': False, 'shape': (\(sizes)), }"
        let isLong = text.utf8.count + 64 > Int(UInt16.max)
        let start = isLong ? 12 : 10
        let padding = 63 - (start + text.utf8.count) % 64
        let length = text.utf8.count + padding + 1
        let lengthBytes = (0..<(isLong ? 4 : 2)).map {
            UInt8(truncatingIfNeeded: length >> (8 * $0))
        }
        return FileKind.numPySignature + [isLong ? 2 : 1, 0] + lengthBytes + Array(text.utf8)
            + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    }

    /// The text after `'key':`.
    private func value(_ key: String) -> Substring? {
        for quote in ["'", "\""] {
            let parts = text.split(
                separator: "\(quote)\(key)\(quote)", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let rest = parts[1].drop { $0 == " " }
            guard rest.first == ":" else { continue }
            return rest.dropFirst().drop { $0 == " " }
        }
        return nil
    }

    /// NumPy's name of the elements' type; of a structured type the list of its fields.
    var elementName: String? {
        guard let value = value("descr"), let first = value.first else { return nil }
        switch first {
        case "'", "\"": return String(value.dropFirst().prefix { $0 != first })
        case "[": return String(value.prefix { $0 != "]" }) + "]"
        default: return nil
        }
    }

    /// Whether the order is C's; `nil` if the header does not define it.
    var isInCOrder: Bool? {
        switch value("fortran_order")?.prefix(4) {
        case "Fals": true
        case "True": false
        default: nil
        }
    }

    /// The dimensions of `'shape': (60000, 28, 28)`, which may have any value.
    var shape: [Int]? {
        guard let value = value("shape"), value.first == "(" else { return nil }
        // Python 2 wrote `60000L`.
        let parts = value.dropFirst().prefix { $0 != ")" }.split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "L" } }
        let numbers = parts.filter { !$0.isEmpty }.map { Int($0) }
        let known = numbers.compactMap { $0 }
        return known.count == numbers.count ? known : nil
    }
}
