import ArgumentParser
import Strata

/// `strata convert`: a model in another format.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a model in another format.",
        discussion: """
            The output's name says which: .onnx for other runtimes, .weights.h5 for the weights alone,
            .keras for the model as this version writes it.

            EXAMPLES
              strata convert fashion.keras fashion.onnx
              strata convert fashion.keras fashion.weights.h5
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: "The file to write.")
    var output: String

    func validate() throws {
        guard [".onnx", ".weights.h5", ".keras"].contains(where: output.hasSuffix) else {
            throw ValidationError(
                "\(output) should end in .onnx, .weights.h5 or .keras, which says what to write.")
        }
    }

    func run() throws {
        let model = try ModelFile(path: model).load()
        if output.hasSuffix(".onnx") {
            try model.export(to: output)
        } else if output.hasSuffix(".keras") {
            try model.save(to: output)
        } else {
            try model.saveWeights(to: output)
        }
    }
}
