import ArgumentParser
import Strata

/// `strata summary`: a model's layers as a table.
struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Show a model's layers, shapes and numbers of weights.",
        discussion: """
            EXAMPLES
              strata summary fashion.keras
            """)

    @Argument(help: "A .keras file.")
    var model: String

    func run() throws {
        print(try ModelFile(path: model).load().summary())
    }
}
