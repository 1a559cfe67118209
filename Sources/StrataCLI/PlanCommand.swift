import ArgumentParser
import Strata

/// `strata plan`: what the engine does in a step.
struct PlanCommand: ParsableCommand {
    enum Mode: String, CaseIterable, ExpressibleByArgument {
        case predict
        case train
    }

    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what the engine does in a step: its calls, layouts and memory.",
        discussion: """
            EXAMPLES
              strata plan fashion.keras
              strata plan fashion.keras --mode train --batch 128
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Option(help: "A step of prediction or of training.")
    var mode: Mode = .predict

    @Option(help: "Pictures in a step.")
    var batch: Int = 1

    func validate() throws {
        try OptionRange.batch("--batch").check(batch)
    }

    func run() throws {
        let model = try ModelFile(path: model).load()
        if mode == .train, !model.isCompiled {
            try model.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy)
        }
        print(try model.planDescription(isTraining: mode == .train, batchSize: batch))
    }
}
