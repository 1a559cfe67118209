import ArgumentParser
import Foundation
import Strata

/// `strata runs`: what the folders of training runs hold.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List and compare training runs.",
        discussion: """
            Shows for each run its epochs, time, best validation accuracy and last losses, and the \
            settings in which the runs differ.

            EXAMPLES
              strata runs
              strata runs runs/0001-mnist-lenet5 runs/0002-mnist-vgg --plot compared.png
              strata runs runs/0001-mnist-lenet5 --html
            """)

    @Argument(help: ArgumentHelp("Runs, or folders of runs.", valueName: "folder"))
    var folders: [String] = ["runs"]

    @Flag(help: "Write each run as one page that needs no network, run.html in its folder.")
    var html = false

    @Option(help: "Draw a quantity's curves of all runs into a .png or .svg file.")
    var plot: String?

    @Option(help: "Which quantity --plot draws.")
    var quantity: String = "val_accuracy"

    func run() throws {
        let records = try folders.flatMap { folder -> [RunRecord] in
            if FileManager.default.fileExists(atPath: "\(folder)/settings.json") {
                return [try RunRecord(RunFolder(folder))]
            }
            return try RunRecord.all(in: folder)
        }
        guard !records.isEmpty else {
            throw Failure(
                "there are no runs in \(folders.joined(separator: ", ")); make one with strata train, "
                    + "or name another folder", .noInput)
        }
        let comparison = RunComparison(records)
        print(comparison.table)
        if !comparison.differences.isEmpty { print("\n" + comparison.differences) }
        do {
            if let plot {
                try comparison.drawing(of: quantity).write(to: plot)
                print(plot)
            }
            for record in html ? records : [] {
                let path = record.folder.file("run.html")
                try Data(record.page().utf8).write(to: URL(fileURLWithPath: path))
                print(path)
            }
        } catch let error as CocoaError {
            throw Failure(
                "a page cannot be written: \(error.localizedDescription); check the folder",
                .cannotCreate)
        } catch let error as FileError {
            throw Failure("\(error)", .cannotCreate)
        }
    }
}
