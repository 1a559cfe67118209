internal import Foundation

/// The folder of one training run: settings, metrics, curves and the model.
///
/// | file | what it holds |
/// |---|---|
/// | `settings.json` | network, optimizer, learning rate, what else was set, versions, when it began |
/// | `metrics.jsonl`, `metrics.csv` | the logs of every epoch; both count epochs from 1 |
/// | `result.json` | how it ended |
/// | `history.png`, `.svg` | the curves |
/// | `confusion`, `classes`, `mistakes` (`.png`, `.svg`) | what the model takes for what |
/// | `model.svg` | the layers |
/// | `model.keras` | the model |
public struct RunFolder: Sendable, Hashable {
    /// Where the folder is.
    public let path: String

    /// A folder that is there already.
    public init(_ path: String) {
        self.path = path
    }

    /// Makes a new folder within another one: `runs/0001-name`, with the next free number.
    ///
    /// - Parameters:
    ///   - parent: the folder of all runs; it is made where it is missing.
    ///   - name: what the run is called; characters that paths cannot have become dashes.
    /// - Throws: a ``FileError`` where it cannot be made.
    public static func create(
        in parent: String = "runs", name: String
    ) throws(FileError) -> RunFolder {
        let manager = FileManager.default
        do throws(DataError) {
            try FileBytes.makeFolder(parent)
        } catch {
            throw cannotMake(parent)
        }
        let safe = String(
            name.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "-" })
        let taken = ((try? manager.contentsOfDirectory(atPath: parent)) ?? []).compactMap {
            Int($0.prefix { $0.isNumber })
        }
        var number = (taken.filter { $0 < 1_000_000 }.max() ?? 0) + 1
        while true {
            let digits = "\(number)"
            let padded = String(repeating: "0", count: max(4 - digits.count, 0)) + digits
            let path = "\(parent)/\(padded)-\(safe)"
            // Making it is the test whether it is there: two runs may begin at the same time.
            if mkdir(path, 0o755) == 0 { return RunFolder(path) }
            guard errno == EEXIST, number < 1_000_000 else {
                throw cannotMake(path)
            }
            number += 1
        }
    }

    private static func cannotMake(_ path: String) -> FileError {
        FileError(
            "the run's folder cannot be made: \(String(cString: strerror(errno)))", path: path,
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
    func write(_ drawing: Drawing, to name: String) throws {
        try drawing.write(to: file(name + ".png"))
        try drawing.write(to: file(name + ".svg"))
    }
}
