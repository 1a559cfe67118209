internal import Foundation
public import Strata

/// The folder of one training run: settings, metrics, curves and the model.
///
/// | file | contents |
/// |---|---|
/// | `settings.json` | network, optimizer, learning rate, other settings, versions, start time |
/// | `metrics.jsonl`, `metrics.csv` | the logs of every epoch; both count epochs from 1 |
/// | `result.json` | the result |
/// | `history.png`, `.svg` | the curves |
/// | `confusion`, `classes`, `mistakes` (`.png`, `.svg`) | the predictions |
/// | `model.svg` | the layers |
/// | `model.keras` | the model |
public struct RunFolder: Sendable, Hashable {
    /// The path of the folder.
    public let path: String

    /// An existing folder.
    public init(_ path: String) {
        self.path = path
    }

    /// Creates a folder within another one: `runs/0001-name`, with the next free number.
    ///
    /// - Parameters:
    ///   - parent: the folder of all runs; it is created if it is missing.
    ///   - name: the run's name; characters that are not valid in paths become dashes.
    /// - Throws: a ``FileError`` if it cannot be created.
    public static func create(
        in parent: String = "runs", name: String
    ) throws(FileError) -> RunFolder {
        let manager = FileManager.default
        if let (_, code) = FileContents.makeFolder(parent) { throw cannotMake(parent, code) }
        // Two runs that start at the same time under different names get different numbers, where the file system has
        // locks.
        let lock = SystemCall.repeated { open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { close(lock) }
        _ = SystemCall.repeated { flock(lock, LOCK_EX) }
        let safe = String(
            name.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "-" })
        let taken = ((try? manager.contentsOfDirectory(atPath: parent)) ?? []).compactMap {
            Int($0.prefix { $0.isNumber })
        }
        var number = (taken.filter { $0 < 1_000_000 }.max() ?? 0) + 1
        while true {
            let path = "\(parent)/\(padded(number))-\(safe)"
            // Creating it is the test for its existence: two runs may start at the same time.
            guard let code = FileContents.makeNewFolder(path) else { return RunFolder(path) }
            guard code == EEXIST, number < 1_000_000 else { throw cannotMake(path, code) }
            number += 1
        }
    }

    /// Creates a folder of a chosen path, with its parents; an existing one is used as it is.
    ///
    /// - Parameter path: the path, such as `search/trials/0007`.
    /// - Throws: a ``FileError`` if it cannot be created.
    public static func create(at path: String) throws(FileError) -> RunFolder {
        if let (_, code) = FileContents.makeFolder(path) { throw cannotMake(path, code) }
        return RunFolder(path)
    }

    /// A number in names of folders, which sort by it up to 9,999: `0007`.
    package static func padded(_ number: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }

    private static func cannotMake(_ path: String, _ code: Int32) -> FileError {
        FileError(
            "the run's folder cannot be made: \(String(cString: strerror(code)))", path: path,
            fix: "name another folder for runs", cause: .unwritable)
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The last part of the path: `0001-fashion-mnist-strided`.
    public var name: String { String(path.split(separator: "/").last ?? "") }

    func write(_ value: JSONValue, to name: String) throws {
        try FileContents.write(Array((value.text + "\n").utf8), to: file(name))
    }

    /// The drawing as PNG and as SVG.
    package func write(_ drawing: Drawing, to name: String) throws {
        try drawing.write(to: file(name + ".png"))
        try drawing.write(to: file(name + ".svg"))
    }
}
