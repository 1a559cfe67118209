internal import Foundation
internal import Strata

/// The epochs of an earlier part of the same run, as its folder has them.
///
/// The process of the earlier part may have been killed while it wrote: an incomplete last line is
/// left out.
struct EarlierEpochs {
    private static let end = UInt8(ascii: "\n")
    private let folder: RunFolder
    private let lines: [(text: [UInt8], members: [String: JSONValue])]
    private let rows: [[UInt8]]
    /// When the first part started.
    let started: JSONValue?

    /// Reads the records of the first epochs.
    ///
    /// - Parameter count: the number of epochs before the first one of this part.
    /// - Throws: if a file is there, but cannot be read, which must not lose its epochs.
    init(in folder: RunFolder, count: Int) throws(FileError) {
        self.folder = folder
        let isEarlier = { (number: Int?) in number.map { $0 >= 1 && $0 <= count } ?? false }
        lines = try Self.lines(folder.file("metrics.jsonl")).compactMap { text in
            guard case .object(let members)? = try? JSONValue(inFile: text),
                isEarlier(members["epoch"]?.integer)
            else { return nil }
            return (text, members)
        }
        let table = try Self.lines(folder.file("metrics.csv"))
        let epochs = table.dropFirst().filter { row in
            isEarlier(Int(String(decoding: row.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)))
        }
        rows = epochs.isEmpty ? [] : table.prefix(1) + epochs
        let settings = try FileContents.readIfPresent(folder.file("settings.json")) ?? []
        started = lines.isEmpty ? nil : (try? JSONValue(inFile: settings))?["started"]
    }

    /// The lines that were written completely.
    private static func lines(_ path: String) throws(FileError) -> [[UInt8]] {
        let bytes = try FileContents.readIfPresent(path) ?? []
        guard let last = bytes.lastIndex(of: end) else { return [] }
        return bytes[..<last].split(separator: end).map(Array.init)
    }

    /// The time of these epochs.
    var seconds: Double {
        lines.reduce(0) { sum, line in
            switch line.members["seconds"] {
            case .number(let value): sum + value
            case .integer(let value): sum + Double(value)
            case .null, .bool, .string, .array, .object, nil: sum
            }
        }
    }

    /// The history of these epochs.
    func history(of model: Model?) -> History {
        var history = History()
        for (_, members) in lines {
            guard let epoch = members["epoch"]?.integer else { continue }
            history.append(epoch - 1, Self.logs(members), of: model)
        }
        return history
    }

    private static func logs(_ members: [String: JSONValue]) -> Logs {
        var logs = Logs()
        for (name, value) in members where name != "epoch" && name != "seconds" {
            if case .array(let values) = value {
                logs.set(name, values.map { $0.asFloat ?? .nan })
            } else {
                logs[name] = value.asFloat ?? .nan
            }
        }
        return logs
    }

    /// Leaves only these epochs in the folder's files.
    func keep() throws(FileError) {
        try write(lines.map(\.text), to: "metrics.jsonl")
        try write(rows, to: "metrics.csv")
        // The run is not finished any more.
        unlink(folder.file("result.json"))
    }

    /// A file that is right is left alone, since replacing one waits for the disk.
    private func write(_ lines: [[UInt8]], to name: String) throws(FileError) {
        let (path, contents) = (folder.file(name), lines.flatMap { $0 + [Self.end] })
        guard let size = FileContents.size(of: path), size > 0 else { return }
        if try FileContents.read(path) != contents { try FileContents.write(contents, to: path) }
    }
}
