internal import Foundation
public import Strata

/// The record of a run, from its folder.
public struct RunRecord: Sendable, Hashable {
    public let folder: RunFolder
    /// The contents of `settings.json`.
    public let settings: [String: JSONValue]
    /// The contents of `result.json`; empty while the run continues, or if it was interrupted.
    public let result: [String: JSONValue]
    /// The lines of `metrics.jsonl`; epochs are counted from 1.
    public let epochs: [[String: JSONValue]]

    /// Reads a run's folder.
    ///
    /// - Throws: a ``FileError`` if there is no `settings.json`, or a file is invalid.
    public init(_ folder: RunFolder) throws(FileError) {
        self.folder = folder
        settings = try Self.object(folder.file("settings.json"))
        let result = folder.file("result.json")
        self.result = FileContents.size(of: result) == nil ? [:] : try Self.object(result)
        epochs = try Self.lines(folder.file("metrics.jsonl"))
    }

    /// The runs in a folder, in the order in which they started; other folders are skipped.
    ///
    /// A run that cannot be read is left out too, and a warning names its damaged file.
    public static func all(in parent: String) -> [RunRecord] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        // Numbers may have more digits than their padding.
        let number = { (name: String) in Int(name.prefix { $0.isNumber }) ?? .max }
        return names.sorted { (number($0), $0) < (number($1), $1) }.compactMap { name in
            let folder = RunFolder(parent == "/" ? "/\(name)" : "\(parent)/\(name)")
            guard FileContents.size(of: folder.file("settings.json")) != nil else { return nil }
            do throws(FileError) {
                return try RunRecord(folder)
            } catch {
                warn("\(error); the run is left out")
                return nil
            }
        }
    }

    /// The quantity's value after each epoch that has it, with the epoch, from 1.
    package func values(_ name: String) -> [(epoch: Int, value: Float)] {
        epochs.compactMap { line in
            guard case .integer(let epoch)? = line["epoch"], let value = line[name]?.asFloat else {
                return nil
            }
            return (epoch, value)
        }
    }

    /// All quantities, the loss first.
    package var quantities: [String] {
        Self.ordered(Set(epochs.flatMap(\.keys)).subtracting(["epoch", "seconds"]))
    }

    /// Quantities as they are listed: the losses first.
    package static func ordered(_ quantities: Set<String>) -> [String] {
        quantities.sorted { a, b in
            let (first, second) = (a.hasSuffix("loss"), b.hasSuffix("loss"))
            return first != second ? first : a < b
        }
    }

    /// The direction of a quantity: from the run's metrics, or from the name.
    ///
    /// - Returns: `nil` if neither defines it.
    public func direction(ofQuantity name: String) -> ObjectiveDirection? {
        let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
        if case .string(let recorded)? = settings[Self.directionsKey]?[plain],
            let direction = ObjectiveDirection(rawValue: recorded)
        {
            return direction
        }
        return ObjectiveDirection(ofQuantity: plain)
    }

    /// The best value of a quantity and its epoch, from 1; the first of equal ones.
    ///
    /// - Returns: `nil` if the quantity was not recorded or never finite, or its direction is not
    ///   known.
    public func best(_ name: String) -> (epoch: Int, value: Float)? {
        direction(ofQuantity: name)?.best(of: values(name))
    }

    /// The objective of the run: a validation metric if there is one, accuracies first, otherwise
    /// the loss.
    ///
    /// - Returns: `nil` before the first epoch.
    public var objective: String? { Self.objective(of: [self]) }

    /// The objective of runs, chosen from all recorded quantities.
    static func objective(of runs: [RunRecord]) -> String? {
        objective(
            of: runs.flatMap { run in
                run.quantities.filter { run.direction(ofQuantity: $0) != nil }
            })
    }

    /// The one of some quantities that training is for: a validation metric if there is one,
    /// accuracies first, otherwise the loss.
    package static func objective(of quantities: [String]) -> String? {
        let rank = { (name: String) -> Int in
            (name.hasSuffix("loss") ? 4 : 0) + (name.hasPrefix("val_") ? 0 : 2)
                + (name.hasSuffix("accuracy") ? 0 : 1)
        }
        return quantities.min { (rank($0), $0) < (rank($1), $1) }
    }

    /// The member of `settings.json` with the directions of quantities.
    static let directionsKey = "directions"

    /// The training time in seconds; `nil` while it continues, or if it was interrupted.
    var seconds: Float? { result["seconds"]?.asFloat }

    /// Finished and planned epochs: `12/15`.
    var progress: String { "\(epochs.count)/\(settings["epochs"]?.cell ?? "?")" }

    private static func object(_ path: String) throws(FileError) -> [String: JSONValue] {
        let bytes = try FileContents.read(path)
        guard case .object(let members) = try parsed(bytes, path) else {
            throw FileError("is not a JSON object", path: path, fix: cure)
        }
        return members
    }

    private static func lines(_ path: String) throws(FileError) -> [[String: JSONValue]] {
        guard FileContents.size(of: path) != nil else { return [] }
        var lines: [[String: JSONValue]] = []
        let bytes = try FileContents.read(path)
        // Without a line end, the process died while writing it.
        let whole = bytes.lastIndex(of: 0x0A).map { bytes[..<$0] } ?? []
        for line in whole.split(separator: 0x0A) {
            if case .object(let members) = try parsed(Array(line), path) { lines.append(members) }
        }
        return lines
    }

    private static func parsed(_ bytes: [UInt8], _ path: String) throws(FileError) -> JSONValue {
        do throws(FileError) {
            return try JSONValue(inFile: bytes)
        } catch {
            var error = error
            error.path = path
            error.fix = cure
            throw error
        }
    }

    private static let cure = "restore or delete the run's folder"
}

extension JSONValue {
    /// The number, or the mean of several.
    var asFloat: Float? {
        switch self {
        case .integer(let value): Float(value)
        case .number(let value): Float(value)
        case .array(let values): values.isEmpty ? nil : Logs.mean(values.map { $0.asFloat ?? .nan })
        case .null, .bool, .string, .object: nil
        }
    }

    /// A setting as a cell of a table.
    var cell: String {
        if case .string(let text) = self { text } else { text }
    }
}
