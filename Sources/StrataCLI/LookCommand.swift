import ArgumentParser
import Foundation
import Strata
import StrataVisualization

/// `strata look`: draws a model's feature maps and more for an image.
struct LookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look",
        abstract: "Draw filters, feature maps and evidence for an image.",
        discussion: """
            Writes to a folder: the layer's filters, its feature maps of the image, receptive fields up to \
            it, and two maps of the evidence for the class, by Grad-CAM and by occlusion. With --data also \
            the patches of a data set's training images with the strongest activation in the chosen maps.

            With --layer all it draws one sheet, layers.png: for each layer the strongest feature maps, \
            their top-activating patches, and the receptive field.

            EXAMPLES
              strata look fashion.keras fashion-mnist:0
              strata look fashion.keras fashion-mnist:0 --layer all
              strata look fashion.keras boot.png --layer conv2d_1 --maps 3,17 --data fashion-mnist
              strata look pets.keras cat.jpg --class dog --output cat --show
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: ArgumentHelp("A file, or a test image as in mnist:0.", valueName: "picture"))
    var picture: String

    @Option(help: "The layer, or all; if left out, the last one with filters and maps of 5 × 5.")
    var layer: String?

    @Option(
        parsing: .unconditional,
        help: "The feature maps, as in 0,3; the four strongest if left out.")
    var maps: MapNumbers?

    @Option(
        help: """
            A data set, or a folder of class folders, for top-activating patches; with --layer all the \
            image's own data set if left out.
            """)
    var data: LabelledSource?

    @Option(
        parsing: .unconditional,
        help: "The number of its training images to search. (default: 1000)",
        transform: OptionRange(1...1_000_000).parse)
    var count: Int = 1000

    @Option(
        name: .customLong("class"), parsing: .unconditional,
        help: "The class, by name or index; the predicted one if left out.")
    var wantedClass: String?

    @Option(help: "The class names: a data set, or names as in cat,dog.")
    var classes: ClassNames?

    @Option(help: "The output folder.")
    var output: String = "look"

    @Flag(help: "Write SVG instead of PNG files.")
    var svg = false

    @Flag(help: "Show the pictures in the terminal too.")
    var show = false

    func run() throws {
        let look = try Look(self)
        let folder = LookFolder(path: output, isSVG: svg, isShown: show)
        // After all other checks, and before hours of drawing.
        try folder.make()
        for field in try look.model.receptiveFields(over: look.sample) { print("  \(field)") }
        if let note = look.note { print(note) }
        for (name, drawing) in look.drawings { try folder.write(try drawing(), name) }
    }
}

/// The value of `--maps`: integers separated by commas.
struct MapNumbers: ExpressibleByArgument {
    /// Each once, in the given order.
    let values: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count else { return nil }
        var values: [Int] = []
        for number in numbers where !values.contains(number) { values.append(number) }
        self.values = values
    }
}
