import ArgumentParser
import Foundation
import Strata
import StrataVisualization

/// `strata runs`: lists training runs.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List and compare training runs.",
        discussion: """
            Shows the data set, network, optimizer, learning rate, epochs and seconds of each run, and the \
            best value of a quantity with its epoch, counted from 1. The settings in which the runs differ \
            follow.

            EXAMPLES
              strata runs
              strata runs --sort val_accuracy
              strata runs runs/0001-mnist-lenet5 runs/0002-mnist-vgg --plot compared.png
              strata runs runs/0001-mnist-lenet5 --html
            """)

    @Argument(help: ArgumentHelp("Runs, or folders of runs.", valueName: "folder"))
    var folders: [String] = ["runs"]

    @Option(
        help: ArgumentHelp(
            "The order of the runs: a column's name, smallest first, or a quantity such as val_loss, "
                + "best first, which is then shown. (default: start time)", valueName: "column"))
    var sort: String?

    @Flag(help: "Write each run as a self-contained page, run.html in its folder.")
    var html = false

    @Option(help: "Draw the curves of all runs to a .png or .svg file.")
    var plot: String?

    @Option(help: "The quantity for --plot. (default: that of the table)")
    var quantity: String?

    func validate() throws {
        guard let plot else {
            guard quantity == nil else {
                throw ValidationError(
                    "--quantity is for --plot; give a --plot, or choose the table's with --sort.")
            }
            return
        }
        guard [".png", ".svg"].contains(where: plot.lowercased().hasSuffix) else {
            throw ValidationError("--plot is \(plot); let the name end in .png or .svg.")
        }
    }

    func run() throws {
        let records = try folders.flatMap(records)
        guard !records.isEmpty else {
            throw Failure(
                "there are no runs in \(folders.joined(separator: ", ")); make one with strata train, "
                    + "or name another folder", .noInput)
        }
        let comparison = try sorted(RunComparison(records))
        // An invalid name fails before anything is printed.
        let drawing = try plot.map { path in
            let drawing = try Self.asArgument { () throws(ModelError) in
                try comparison.drawing(of: quantity)
            }
            return (path: path, drawing: drawing)
        }
        print(comparison.table)
        if !comparison.differences.isEmpty { print("\n" + comparison.differences) }
        if let drawing {
            try drawing.drawing.write(to: drawing.path)
            print(drawing.path)
        }
        for record in html ? comparison.runs : [] { print(try record.writePage()) }
    }

    /// The runs in a folder, or the run of the folder itself.
    private func records(_ folder: String) throws -> [RunRecord] {
        if FileManager.default.fileExists(atPath: "\(folder)/settings.json") {
            return [try RunRecord(RunFolder(folder))]
        }
        guard Suggestion.isFolder(folder) else {
            let near = Suggestion.path(near: folder, where: Suggestion.isFolder)
            throw Failure(
                "there is no folder \(folder); "
                    + (near.map { "did you mean \($0)?" }
                        ?? "make a run with strata train, or name another folder"),
                .noInput)
        }
        return RunRecord.all(in: folder)
    }

    private func sorted(_ comparison: RunComparison) throws -> RunComparison {
        guard let sort else { return comparison }
        return try Self.asArgument { () throws(ModelError) in try comparison.sorted(by: sort) }
    }

    /// Errors of the library here are errors of the command line.
    private static func asArgument<T>(_ body: () throws(ModelError) -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw Failure("\(error)", .usage)
        }
    }
}
