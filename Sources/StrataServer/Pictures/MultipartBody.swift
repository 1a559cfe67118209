#if Server
import Foundation

/// The files of a body of `multipart/form-data` (RFC 7578).
struct MultipartBody {
    private static let partLimit = 1000
    /// Of the headers of a part, in bytes.
    private static let headerLimit = 8192

    private(set) var files: [(name: String, bytes: [UInt8])] = []

    /// - Parameter contentType: with the boundary between the parts.
    init(_ body: UnsafeRawBufferPointer, contentType: String) throws(ServingError) {
        let boundary = try Self.boundary(contentType)
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very start.
        guard var position = Self.end(of: delimiter.dropFirst(2), in: body, from: 0) else {
            throw Self.failure("the boundary does not occur")
        }
        while !body[position...].starts(with: "--".utf8) {
            guard files.count < Self.partLimit else {
                throw Self.failure("there are more than \(Self.partLimit) parts")
            }
            guard let start = Self.end(of: "\r\n\r\n".utf8, in: body, from: position),
                start - position <= Self.headerLimit
            else { throw Self.failure("the headers of part \(files.count) do not end") }
            guard let end = Self.end(of: delimiter, in: body, from: start - 2) else {
                throw Self.failure("part \(files.count) does not end with the boundary")
            }
            let headers = String(decoding: body[position..<start], as: UTF8.self)
            // An empty part shares its line break with the delimiter.
            let contents = body[start..<max(end - delimiter.count, start)]
            files.append((Self.fileName(headers) ?? "picture \(files.count)", Array(contents)))
            position = end
        }
    }

    private static func failure(_ problem: String) -> ServingError {
        ServingError(.invalidArgument, "the body is not valid multipart/form-data: \(problem)")
    }

    private static func boundary(_ contentType: String) throws(ServingError) -> String {
        guard let boundary = parameter("boundary", of: contentType), !boundary.isEmpty,
            boundary.utf8.count <= 70
        else { throw failure("Content-Type has no boundary of 1 to 70 characters") }
        return boundary
    }

    private static func fileName(_ headers: String) -> String? {
        let line = headers.split(separator: "\r\n").first {
            $0.lowercased().hasPrefix("content-disposition:")
        }
        guard let line, let name = encodedFileName(line) ?? parameter("filename", of: String(line)),
            !name.isEmpty
        else { return nil }
        // Only the name: what a path of the client was is nobody's business.
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        return last.isEmpty ? nil : String(last.prefix(100))
    }

    /// The name of `filename*=UTF-8''m%C3%B6we.png` (RFC 8187), which some clients send for other
    /// letters than those of ASCII.
    private static func encodedFileName(_ line: Substring) -> String? {
        guard let value = parameter("filename*", of: String(line)),
            case let parts = value.split(
                separator: "'", maxSplits: 2, omittingEmptySubsequences: false), parts.count == 3,
            parts[0].lowercased() == "utf-8"
        else { return nil }
        return parts[2].removingPercentEncoding
    }

    /// The parts between semicolons that stand outside of quotation marks.
    private static func parts(of header: String) -> [Substring] {
        var isQuoted = false
        return header.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == ";" && !isQuoted
        }
    }

    /// The value of a parameter `; name=value` or `; name="value"`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for part in parts(of: header).dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2,
                pair[0].trimmingCharacters(in: .whitespaces).lowercased() == name
            else { continue }
            return pair[1].trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])
        }
        return nil
    }

    /// The position after the next occurrence of a pattern.
    private static func end(
        of pattern: some Sequence<UInt8>, in body: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        let pattern = Array(pattern)
        var position = start
        while let base = body.baseAddress, body.count - position >= pattern.count,
            let found = memchr(base + position, Int32(pattern[0]), body.count - position)
        {
            position = UnsafeRawPointer(found) - base
            if body[position...].starts(with: pattern) { return position + pattern.count }
            position += 1
        }
        return nil
    }
}
#endif
