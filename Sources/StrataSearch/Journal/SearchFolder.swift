internal import Foundation
internal import Strata
internal import StrataVisualization

/// The files of a search.
///
/// | file | contents |
/// |---|---|
/// | `journal.jsonl` | what happened, one line for each event |
/// | `workers/` | the locks of the processes that work at the search |
/// | `trials/0001/` | the run folder of a trial, with the model of its best epoch |
/// | `trials/0001/backup/` | what training goes on from, while the trial may be trained further |
package struct SearchFolder {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    package var journal: String { "\(path)/journal.jsonl" }
    var workers: String { "\(path)/workers" }

    /// Makes the folders.
    ///
    /// - Throws: a `FileError` if that is not possible.
    func make() throws(FileError) {
        for folder in [workers, "\(path)/trials"] {
            try FileContents.createFolder(folder, fix: "name another folder for the search")
        }
    }

    /// The run folder of a trial.
    func run(_ trial: Int) -> RunFolder { RunFolder("\(path)/\(Self.name(ofTrial: trial))") }

    /// The state of an unfinished trial.
    func backup(_ trial: Int) -> String { run(trial).file("backup") }

    /// The weights of a trial's best epoch, if that is not the last one.
    func bestWeights(_ trial: Int) -> String { run(trial).file("backup/best.weights.h5") }

    /// The model of a trial's best epoch.
    func model(_ trial: Int) -> String { run(trial).file("model.keras") }

    /// Removes what a trial that is not trained further does not need.
    func removeBackup(_ trial: Int) {
        // What remains costs space only.
        try? FileManager.default.removeItem(atPath: backup(trial))
    }

    /// `trials/0007`, which sorts by number up to 9,999 trials.
    static func name(ofTrial number: Int) -> String {
        "trials/" + RunFolder.padded(number)
    }
}
