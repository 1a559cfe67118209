import ArgumentParser
import Strata

/// `strata evaluate`: how good a model is on a data set's test pictures.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on the test pictures of a data set.",
        discussion: """
            The loss is the mean cross-entropy of the right class, or what the model was compiled with.

            EXAMPLES
              strata evaluate fashion.keras fashion-mnist
              strata evaluate fashion.keras fashion-mnist --json
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: "A data set.")
    var dataset: DatasetInfo

    @Flag(help: "Print one line of JSON: loss, accuracy, images.")
    var json = false

    func run() throws {
        let model = try ModelFile(path: model).load()
        let test = try dataset.load().test
        try model.prepareForClasses(test)
        let logs = try model.evaluate(
            test.x, test.y, batchSize: 128, verbose: json ? .silent : .automatic)
        let (loss, accuracy) = (logs["loss"] ?? .nan, logs["accuracy"] ?? .nan)
        if json {
            let line: JSONValue = [
                "loss": .float(loss), "accuracy": .float(accuracy), "images": .integer(test.count),
            ]
            print(line.text)
        } else {
            print("loss \(loss), accuracy \(accuracy) on \(test.count) test pictures")
        }
    }
}
