package import Foundation

/// Python with Keras, for tests that exchange files with it; `scripts/keras-venv` makes one.
package enum KerasPython {
    /// Where it is: in the environment variable `STRATA_KERAS_PYTHON`, else where the script puts it.
    package static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["STRATA_KERAS_PYTHON"], !path.isEmpty { return path }
        let home = environment["HOME"] ?? ""
        let cache = environment["XDG_CACHE_HOME"] ?? "\(home)/.cache"
        let path = "\(cache)/strata/keras-venv/bin/python"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// Whether that Python has ONNX Runtime too.
    package static let hasONNXRuntime: Bool = {
        guard path != nil else { return false }
        return (try? run("onnx/run.py", [])) != nil
    }()

    /// Runs `Tests/Fixtures/keras/exchange.py` on a folder; see there what it reads and writes.
    package static func exchange(in folder: URL) throws {
        try run("keras/exchange.py", [folder.path])
    }

    /// Runs a script of `Tests/Fixtures`.
    package static func run(_ script: String, _ arguments: [String]) throws {
        guard let path else { throw Failure(description: "there is no Python with Keras") }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/\(script)")
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [script.path] + arguments
        let errors = FileManager.default.temporaryDirectory
            .appending(path: "strata-python-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        let handle = try FileHandle(forWritingTo: errors)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
            throw Failure(description: String(text.suffix(4000)))
        }
    }
}
