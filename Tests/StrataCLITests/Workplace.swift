import Foundation
import Strata
import Synchronization

/// A temporary folder in which `strata` runs, with an empty cache of data sets of its own.
final class Workplace: Sendable {
    /// What a command did.
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("strata-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The program, which the build puts beside the tests.
    private static var program: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("strata")
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// The command, ready to run in the folder.
    func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = Workplace.program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["KERAS_HOME"] = path("keras")
        // Nothing outside the machine: a proxy that refuses stands for a missing network.
        environment["https_proxy"] = "http://127.0.0.1:9"
        environment["COLUMNS"] = "80"
        // Tests run beside each other: threads that wait must leave the cores to those that work.
        environment["OMP_WAIT_POLICY"] = "passive"
        process.environment = environment
        return process
    }

    /// Runs `strata` with these arguments to its end.
    func strata(_ arguments: String...) throws -> Outcome { try strata(arguments) }

    func strata(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        let process = process(arguments)
        process.environment?.merge(environment) { $1 }
        // Files rather than pipes: whoever does not read a pipe can block the process.
        let (output, errors) = (
            folder.appendingPathComponent("out"), folder.appendingPathComponent("err")
        )
        for file in [output, errors] {
            try Data().write(to: file)
        }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}
