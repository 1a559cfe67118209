import ArgumentParser
import Strata

/// `strata convert`: converts a model to another format.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a model to another format.",
        discussion: """
            The file extension sets the format: .onnx for other runtimes, .weights.h5 for only the weights, \
            .keras for this version's file of the model.

            EXAMPLES
              strata convert fashion.keras fashion.onnx
              strata convert fashion.keras fashion.weights.h5
              strata convert photos.keras photos.onnx --input-shape 224,224,3
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: "The file to write.")
    var output: String

    @Option(
        help: ArgumentHelp(
            "Fix the open sizes of the model's input in an .onnx file.",
            discussion: "One shape for each input, in the model's order; ? leaves a length open.",
            valueName: "height,width,channels"))
    var inputShape: [InputShape] = []

    func validate() throws {
        guard inputShape.isEmpty || output.hasSuffix(".onnx") else {
            throw ValidationError("--input-shape is for .onnx files; leave it out for \(output).")
        }
        guard [".onnx", ".weights.h5", ".keras"].contains(where: output.hasSuffix) else {
            throw ValidationError(
                "\(output) should end in .onnx, .weights.h5 or .keras, which says what to write.")
        }
    }

    func run() throws {
        let model = try ModelFile(path: model).load()
        if output.hasSuffix(".onnx") {
            let shapes = inputShape.map { Shape([nil] + $0.lengths) }
            try model.export(output, inputShapes: shapes.isEmpty ? nil : shapes)
        } else if output.hasSuffix(".keras") {
            try model.save(output)
        } else {
            try model.saveWeights(output)
        }
    }
}

/// The shape of a sample on the command line: `224,224,3`, with `?` for an open length.
struct InputShape: ExpressibleByArgument {
    let lengths: [Int?]

    init?(argument: String) {
        var lengths: [Int?] = []
        for part in argument.split(whereSeparator: { ",x×".contains($0) }) {
            let text = part.filter { $0 != " " }
            if text == "?" || text.lowercased() == "none" {
                lengths.append(nil)
            } else if let length = Int(text), length > 0 {
                lengths.append(length)
            } else {
                return nil
            }
        }
        if lengths.isEmpty { return nil }
        self.lengths = lengths
    }
}
