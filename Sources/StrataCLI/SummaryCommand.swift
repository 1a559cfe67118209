import ArgumentParser
import Strata
import StrataVisualization

/// `strata summary`: prints a model's layers as a table.
struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Show a model's layers, shapes and parameter counts.",
        discussion: """
            EXAMPLES
              strata summary fashion.keras
              strata summary fashion.keras --plot model.png
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Option(help: "Draw the layers and their connections to a .png, .svg or .dot file.")
    var plot: String?

    func validate() throws {
        guard let plot else { return }
        guard [".png", ".svg", ".dot"].contains(where: plot.lowercased().hasSuffix) else {
            throw ValidationError("--plot is \(plot); let the name end in .png, .svg or .dot.")
        }
    }

    func run() throws {
        let model = try ModelFile(path: model).load()
        if let plot {
            try plotModel(
                model, toFile: plot, showShapes: true, showDtype: true, showLayerNames: true,
                expandNested: true, showLayerActivations: true)
        }
        print(model.summary())
        if let plot { print(plot) }
    }
}
