import ArgumentParser
import Strata

/// `strata predict`: classifies images.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Classify images with a model.",
        discussion: """
            An image is a PNG or JPEG file, or a test image of a data set, as in fashion-mnist:0. It is \
            converted to the size and channels of the model's input, with values from 0 to 255, as for \
            strata train.

            Models from strata train contain the names of their classes; for others use --classes, \
            otherwise class indices are shown.

            EXAMPLES
              strata predict fashion.keras fashion-mnist:0 fashion-mnist:1 --show
              strata predict fashion.keras boot.png --classes fashion-mnist
              strata predict pets.keras cat.jpg dog.jpg --classes cat,dog --json
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: ArgumentHelp("Files, or test images as in mnist:0.", valueName: "picture"))
    var pictures: [String]

    @Option(help: "The class names: a data set, or names as in cat,dog.")
    var classes: ClassNames?

    @Flag(help: "Show the images in the terminal.")
    var show = false

    @Flag(help: "Print one line of JSON for each image.")
    var json = false

    func validate() throws {
        guard !show || !json else {
            throw ValidationError("--show and --json exclude each other; use one of them.")
        }
    }

    func run() throws {
        let model = try ModelFile(path: model).load()
        let count = try model.classCount()
        var reader = PictureReader()
        let predictions = try pictures.map { name in
            let picture = try reader.read(name)
            let names = classes?.names ?? model.classNames ?? picture.classNames
            if let classes, classes.names.count != count {
                throw Failure(classes.mismatch(count), .usage)
            }
            return Prediction(
                picture: picture,
                probabilities: try model.probabilities(
                    try picture.pixels.fitted(to: model.inputShapes[0]), of: picture.name),
                classNames: names?.count == count ? names : nil)
        }
        if show {
            print(try PictureGallery(predictions).text(for: Terminal.standardOutput))
        } else {
            for prediction in predictions { print(json ? prediction.json.text : prediction.text) }
        }
    }
}
