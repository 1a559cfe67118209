import ArgumentParser
import Strata

/// `strata predict`: classifies images.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Tell what pictures show, in a model's opinion.",
        discussion: """
            A picture is a PNG or JPEG file, or a test picture of a data set as in fashion-mnist:0. It is \
            brought to the size and channels that the model takes; its numbers reach the model as 0 to \
            255, as strata train's models want them.

            Models that strata train made hold the names of their classes; of others give them with \
            --classes, or numbers are shown.

            EXAMPLES
              strata predict fashion.keras fashion-mnist:0 fashion-mnist:1 --show
              strata predict fashion.keras boot.png --classes fashion-mnist
              strata predict pets.keras cat.jpg dog.jpg --classes cat,dog --json
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: ArgumentHelp("Files, or test pictures as in mnist:0.", valueName: "picture"))
    var pictures: [String]

    @Option(help: "A data set whose classes these are, or their names: cat,dog.")
    var classes: ClassNames?

    @Flag(help: "Draw the pictures in the terminal.")
    var show = false

    @Flag(help: "Print one line of JSON for each picture.")
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
                    try picture.pixels.fitted(to: model.inputShapes[0])),
                classNames: names?.count == count ? names : nil)
        }
        if show {
            print(try PictureGallery(predictions).text(for: Terminal.standardOutput))
        } else {
            for prediction in predictions { print(json ? prediction.json.text : prediction.text) }
        }
    }
}
