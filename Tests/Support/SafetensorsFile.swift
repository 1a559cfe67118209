package import Foundation
package import StrataGraph

/// A file of named tensors: the length of a JSON header, the header, then the numbers.
///
/// Only the header is read when the file is opened; a tensor is read when it is asked for.
package struct SafetensorsFile: Sendable {
    package let url: URL
    /// The strings that stand beside the tensors.
    package let metadata: [String: String]
    package let names: [String]
    private let entries: [String: Entry]
    private let start: UInt64

    private struct Entry: Decodable, Sendable {
        var dtype: String
        var shape: [Int]
        var dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case dataOffsets = "data_offsets"
        }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ url: URL) throws {
        self.url = url
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        guard let head = try handle.read(upToCount: 8), head.count == 8 else {
            throw Failure(description: "\(url.lastPathComponent) has no header")
        }
        let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length < 100_000_000, let text = try handle.read(upToCount: Int(length)),
            text.count == Int(length)
        else {
            throw Failure(description: "\(url.lastPathComponent) ends within its header")
        }
        let header = try JSONDecoder().decode([String: Member].self, from: text)
        var entries: [String: Entry] = [:]
        var metadata: [String: String] = [:]
        for (name, member) in header {
            switch member {
            case .tensor(let entry): entries[name] = entry
            case .strings(let strings): metadata = strings
            }
        }
        self.entries = entries
        self.metadata = metadata
        names = entries.keys.sorted()
        start = 8 + length
    }

    private enum Member: Decodable {
        case tensor(Entry)
        case strings([String: String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let entry = try? container.decode(Entry.self) {
                self = .tensor(entry)
            } else {
                self = .strings(try container.decode([String: String].self))
            }
        }
    }

    /// The tensor `name`; throws where there is none.
    package func tensor(_ name: String) throws -> Tensor {
        guard let entry = entries[name] else {
            throw Failure(description: "\(url.lastPathComponent) has no tensor \(name)")
        }
        let types: [String: DType] = ["F32": .float32, "I32": .int32, "U8": .uint8, "BOOL": .bool]
        guard let dtype = types[entry.dtype], entry.dataOffsets.count == 2 else {
            throw Failure(description: "\(name) has the unknown type \(entry.dtype)")
        }
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        try handle.seek(toOffset: start + UInt64(entry.dataOffsets[0]))
        let count = entry.dataOffsets[1] - entry.dataOffsets[0]
        let data = count == 0 ? Data() : try handle.read(upToCount: count) ?? Data()
        guard data.count == entry.shape.reduce(dtype.byteCount, *) else {
            throw Failure(description: "\(name) has \(data.count) bytes for \(entry.shape)")
        }
        return Tensor(shape: entry.shape, dtype: dtype) { bytes in data.copyBytes(to: bytes) }
    }
}
