import ArgumentParser
import Strata

/// `strata evaluate`: evaluates a model on a data set's test images.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Evaluate a model on the test images of a data set.",
        discussion: """
            The loss is the mean crossentropy of the target class, or the loss that the model was compiled \
            with.

            A folder has a subfolder of PNG and JPEG images for each class, with the names of the model's \
            classes. If it has the folders train and val, val is used.

            EXAMPLES
              strata evaluate fashion.keras fashion-mnist
              strata evaluate fashion.keras fashion-mnist --json
              strata evaluate photos.keras photos/val
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: "A data set, or a folder of class folders.")
    var dataset: LabelledSource

    @Flag(help: "Print one line of JSON: loss, accuracy, images.")
    var json = false

    func run() throws {
        let model = try ModelFile(path: model).load()
        let verbose = json ? Verbosity.silent : .automatic
        let (logs, count): (Logs, Int)
        switch dataset {
        case .set(let set):
            let test = try set.load().test
            try model.prepareForClasses(test)
            logs = try model.evaluate(test.x, test.y, batchSize: 128, verbose: verbose)
            count = test.count
        case .folder(let path):
            let test = try PhotoFolder.testPictures(of: path, for: model)
            try model.prepareForClasses(test.first(1))
            logs = try model.evaluate(test, verbose: verbose)
            count = test.labels.count
        }
        let (loss, accuracy) = (logs["loss"] ?? .nan, logs["accuracy"] ?? .nan)
        if json {
            let line: JSONValue = [
                "loss": .float(loss), "accuracy": .float(accuracy), "images": .integer(count),
            ]
            print(line.text)
        } else {
            print(
                "loss \(loss.metricText), accuracy \(accuracy.metricText) on \(count) test pictures"
            )
        }
    }
}
