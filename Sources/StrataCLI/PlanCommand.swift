import ArgumentParser
import Strata

/// `strata plan`: prints the plan of a step.
struct PlanCommand: ParsableCommand {
    enum Mode: String, CaseIterable {
        case predict
        case train
    }

    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show the plan of a step: its calls, layouts and memory.",
        discussion: """
            EXAMPLES
              strata plan fashion.keras
              strata plan fashion.keras --mode train --batch 128
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Option(help: "The kind of step: predict or train. (default: predict)", transform: Mode.parse)
    var mode: Mode = .predict

    @Option(
        parsing: .unconditional, help: "Images in a step. (default: 1)",
        transform: OptionRange.batch.parse)
    var batch: Int = 1

    func run() throws {
        let model = try ModelFile(path: model).load()
        if mode == .train, !model.isCompiled {
            try model.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy)
        }
        print(try model.planDescription(isTraining: mode == .train, batchSize: batch))
    }
}
