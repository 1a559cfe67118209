/// A gzipped tar archive (POSIX.1-1988, "ustar"), from which named files are extracted.
///
/// Its contents never determine a path: members that were not requested by name are skipped.
enum TarArchive {
    private static let blockSize = 512

    /// The contents of the files in `sizes`, each of exactly the given size.
    static func extract(
        _ sizes: [String: Int], from archive: [UInt8], file: String
    ) throws(DataError) -> [String: [UInt8]] {
        let gzip = try GzipReader(archive, file: file)
        var found: [String: [UInt8]] = [:]
        while found.count < sizes.count {
            let header = try gzip.read(blockSize)
            if header.allSatisfy({ $0 == 0 }) { break }
            try check(header, file: file)
            guard let size = octal(header[124..<136]) else {
                throw .corruptSet(file: file, problem: "it holds an entry without a size")
            }
            let padding = (blockSize - size % blockSize) % blockSize
            let name = name(of: header)
            let isFile = header[156] == UInt8(ascii: "0") || header[156] == 0
            if isFile, let wanted = sizes[name] {
                guard size == wanted else {
                    throw .corruptSet(
                        file: file, problem: "\(name) in it has \(size) bytes instead of \(wanted)")
                }
                found[name] = try gzip.read(size)
                try gzip.skip(padding)
            } else {
                try gzip.skip(size + padding)
            }
        }
        if let missing = sizes.keys.filter({ found[$0] == nil }).min() {
            throw .corruptSet(file: file, problem: "it does not hold \(missing)")
        }
        return found
    }

    /// The header's checksum: the sum of its bytes, with its own eight counted as spaces.
    private static func check(_ header: [UInt8], file: String) throws(DataError) {
        let own = header[148..<156]
        let sum = header.reduce(0) { $0 + Int($1) } - own.reduce(0) { $0 + Int($1) } + 8 * 32
        guard octal(own) == sum else {
            throw .corruptSet(file: file, problem: "it is not a tar archive, or damaged")
        }
    }

    private static func name(of header: [UInt8]) -> String {
        let name = text(header[0..<100])
        let prefix = header[257..<262].elementsEqual("ustar".utf8) ? text(header[345..<500]) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A number in octal digits; eleven of them stay far below `Int`'s limit.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }
}
