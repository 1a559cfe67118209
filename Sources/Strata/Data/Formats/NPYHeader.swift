/// What stands before the elements of one of NumPy's arrays (`numpy.lib.format`, versions 1 to 3).
struct NPYHeader {
    /// A Python dictionary: `{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }`.
    let text: String
    /// Where the elements start.
    let end: Int

    /// Whether bytes begin as such a file does.
    static func begins(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x93] + Array("NUMPY".utf8)) && bytes.count >= 12
    }

    /// The header of a file, unless it is none or is cut off.
    ///
    /// After the magic string come two bytes for the version and the text's length, in two bytes
    /// for version 1 and in four after it.
    init?(_ bytes: [UInt8]) {
        guard NPYHeader.begins(bytes) else { return nil }
        let start = bytes[6] == 1 ? 10 : 12
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        // Longer texts than this describe no plain array.
        guard length <= 10_000, start + length <= bytes.count else { return nil }
        end = start + length
        text = String(decoding: bytes[start..<end], as: UTF8.self).filter { !$0.isNewline }
    }

    /// NumPy's name of the elements' type.
    var elementName: String? {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(of: "descr"), place + 2 < parts.count else { return nil }
        return String(parts[place + 2])
    }

    var isInCOrder: Bool { text.contains("'fortran_order': False") }

    /// The numbers of `'shape': (60000, 28, 28)`; a file may give any.
    var shape: [Int]? {
        guard
            let rest = text.split(separator: "'shape': (", omittingEmptySubsequences: false)
                .dropFirst().first
        else { return nil }
        let parts = rest.prefix { $0 != ")" }.split(separator: ",").map { $0.filter { $0 != " " } }
        let numbers = parts.filter { !$0.isEmpty }.map { Int($0) }
        let known = numbers.compactMap { $0 }
        return known.count == numbers.count ? known : nil
    }
}
