import Foundation
import Strata
import StrataVisualization

/// The output folder of `strata look`.
struct LookFolder {
    let path: String
    let isSVG: Bool
    /// Whether pictures are shown in the terminal too.
    let isShown: Bool

    /// Creates the folder, and checks that it is writable.
    ///
    /// - Throws: a ``Failure`` if it is not.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            let attempt = "\(path)/.attempt-\(getpid())"
            try Data().write(to: URL(fileURLWithPath: attempt))
            try? FileManager.default.removeItem(atPath: attempt)
        } catch {
            throw Failure(
                "no pictures can be written into \(path): \(error.localizedDescription); give another "
                    + "--output", .cannotCreate)
        }
    }

    func write(_ drawing: Drawing, _ name: String) throws {
        let file = "\(path)/\(name).\(isSVG ? "svg" : "png")"
        do {
            try drawing.write(to: file)
        } catch let error as FileError {
            throw Failure("\(error)", .cannotCreate)
        }
        if isShown { print(try TerminalPicture(drawing).text(for: Terminal.standardOutput)) }
        print(file)
        fflush(nil)
    }
}
