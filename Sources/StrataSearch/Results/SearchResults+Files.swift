internal import Foundation
internal import Strata
internal import StrataVisualization

extension SearchResults {
    /// Writes the results to a folder, each file as a whole or not at all.
    ///
    /// | file | contents |
    /// |---|---|
    /// | `trials.csv` | a line for each trial: number, status, best value, epoch of it, epochs, seconds, reason, hyperparameters |
    /// | `parallel_coordinates`, `curves`, `importance` (`.png`, `.svg`) | the pictures |
    ///
    /// - Throws: a ``FileError`` if the folder or a file cannot be written.
    public func write(to folder: String) throws {
        try FileContents.createFolder(folder, fix: "name another folder")
        let files = RunFolder(folder)
        try FileContents.write(Array(csv.utf8), to: files.file("trials.csv"))
        try files.write(parallelCoordinates(), to: "parallel_coordinates")
        try files.write(curves(), to: "curves")
        try files.write(importanceDrawing(), to: "importance")
    }

    /// The trials as CSV (RFC 4180), with a column for every hyperparameter.
    ///
    /// The objective of a trial without a finite value is the last that it recorded, such as `nan`
    /// or `inf`; empty if it has none.
    var csv: String {
        let fixed = [
            "trial", "status", objective, "best_epoch", "epochs", "seconds", "reason",
        ]
        var known = Set<String>()
        let names = trials.flatMap(\.hyperParameters).map(\.name).filter {
            known.insert($0).inserted
        }
        // A column name that is there twice would hide one of them.
        let titles = names.map { fixed.contains($0) ? "\($0) (hyperparameter)" : $0 }
        let rows = trials.map { trial in
            let best = trial.best(direction)
            let value: String? = (best?.value ?? trial.objectives.last).map { "\($0)" }
            let epoch: String? = best.map { "\($0.epoch)" }
            let cells: [String] = [
                "\(trial.number)", trial.status.name, value ?? "", epoch ?? "",
                "\(trial.objectives.count)", "\(trial.seconds)", trial.status.reason ?? "",
            ]
            return cells + names.map { trial.values[$0]?.description ?? "" }
        }
        return ([fixed + titles] + rows).map { row in
            row.map(\.quotedForCSV).joined(separator: ",") + "\r\n"
        }.joined()
    }
}

extension String {
    /// In quotation marks if commas, quotation marks, line breaks or outer spaces need them.
    fileprivate var quotedForCSV: String {
        let needsQuotes =
            unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
            || first == " " || last == " "
        return needsQuotes ? "\"\(replacing("\"", with: "\"\""))\"" : self
    }
}
