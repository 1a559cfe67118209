import ArgumentParser
import Foundation
import Strata
import StrataVisualization

/// What `strata train --resume` goes on with, in a run's folder until training is complete.
struct ResumableRun {
    let folder: RunFolder

    private var argumentsFile: String { folder.file("arguments.json") }
    private var backupFolder: String { folder.file("backup") }

    /// Saves the state after every epoch.
    var backup: BackupAndRestore { BackupAndRestore(backupFolder, deleteCheckpoint: false) }

    /// Writes the command's arguments, with the seed and the number of threads that it uses.
    ///
    /// - Parameter threads: `nil` where they follow from the ranks on a host.
    func write(_ arguments: some Sequence<String>, seed: Int, threads: Int?) throws {
        var arguments = Array(arguments)
        for case (let name, let value?) in [("--seed", seed), ("--threads", threads)]
        where !arguments.contains(where: { $0 == name || $0.hasPrefix("\(name)=") }) {
            arguments += [name, "\(value)"]
        }
        let json = JSONValue.array(arguments.map { .string($0) })
        try FileContents.write(Array(json.text.utf8), to: argumentsFile)
    }

    /// The arguments of the command that the run was started with.
    ///
    /// - Throws: a ``Failure`` if there is no such run, or it is complete.
    func arguments() throws -> [String] {
        guard FileContents.size(of: argumentsFile) != nil else {
            let isRun = FileContents.size(of: folder.file("settings.json")) != nil
            throw Failure(
                isRun
                    ? "the run in \(folder.path) is complete; strata train --model "
                        + "\(folder.file("model.keras")) trains its model further"
                    : "there is no run of strata train in \(folder.path); give the folder of one, "
                        + "such as runs/0001-mnist-lenet5", .noInput)
        }
        let json = try JSONValue(inFile: FileContents.read(argumentsFile))
        guard case .array(let items) = json else {
            throw FileError("should be an array of arguments", path: argumentsFile)
        }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// Removes what a complete run does not need.
    func complete() {
        // Without the arguments nothing is resumed, if the process ends before all is removed.
        unlink(argumentsFile)
        try? FileManager.default.removeItem(atPath: backupFolder)
    }
}
