import ArgumentParser
import Foundation
import Strata

/// `strata look`: what the layers of a model see in a picture.
struct LookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look",
        abstract: "Draw what the layers of a model see in a picture.",
        discussion: """
            Draws into a folder: the layer's filters, its feature maps of the picture, how receptive \
            fields grow up to it, and two maps of what decided the class, by gradients (Grad-CAM) and by \
            covering parts of the picture. With --data also the parts of a data set's test pictures that \
            excite the chosen maps most.

            EXAMPLES
              strata look fashion.keras fashion-mnist:0
              strata look fashion.keras boot.png --layer conv2d_1 --maps 3,17 --data fashion-mnist
              strata look pets.keras cat.jpg --classes cat,dog --output cat --show
            """)

    @Argument(help: "A .keras file.")
    var model: String

    @Argument(help: ArgumentHelp("A file, or a test picture as in mnist:0.", valueName: "picture"))
    var picture: String

    @Option(help: "The layer; if left out, the last one with filters and 5 × 5 places.")
    var layer: String?

    @Option(help: "Feature maps to look at, as in 0,3; the four strongest if left out.")
    var maps: MapNumbers?

    @Option(help: "A data set, or a folder of class folders, to look for exciting parts in.")
    var data: LabelledSource?

    @Option(help: "How many of its test pictures are looked through.")
    var count: Int = 1000

    @Option(name: .customLong("class"), help: "The class's number; the likeliest if left out.")
    var classIndex: Int?

    @Option(help: "A data set whose classes these are, or their names: cat,dog.")
    var classes: ClassNames?

    @Option(help: "The folder for the pictures.")
    var output: String = "look"

    @Flag(help: "Write SVG rather than PNG files.")
    var svg = false

    @Flag(help: "Show the pictures in the terminal too.")
    var show = false

    func validate() throws {
        try OptionRange(option: "--count", range: 1...1_000_000).check(count)
    }

    func run() throws {
        let model = try ModelFile(path: model).load()
        let classCount = try model.classCount()
        var reader = PictureReader()
        let picture = try reader.read(self.picture)
        let sample = try picture.pixels.fitted(to: model.inputShapes[0])
        let layer = try layer ?? model.lastConvolution()
        let names = classes?.names ?? picture.classNames
        let sheet = try folder()

        try write(try model.receptiveFieldDrawing(over: sample), "receptive-fields", sheet)
        for field in try model.receptiveFields() { print("  \(field)") }
        if let filters = try? model.filterDrawing(of: layer) {
            try write(filters, "filters", sheet)
        }
        let chosen = try maps?.values ?? model.strongestMaps(4, of: layer, for: sample)
        try write(
            try model.featureMapDrawing(of: layer, for: sample, chosen: chosen), "feature-maps",
            sheet)
        if let data {
            let test =
                switch data {
                case .set(let set): try set.loadTest()
                case .folder(let path): try PhotoFolder.pictures(of: path, for: model).first(count)
                }
            let pictures = try test[0..<min(count, test.count)].fitted(to: model.inputShapes[0])
            try write(
                try model.excitingPatchDrawing(of: layer, maps: chosen, in: pictures),
                "exciting-patches", sheet)
        }
        let evidence = [
            ("grad-cam", try model.gradCAM(for: sample, layer: layer, classIndex: classIndex)),
            ("occlusion", try model.occlusionMap(for: sample, classIndex: classIndex)),
        ]
        for (file, map) in evidence {
            let name = names?.count == classCount ? names?[map.classIndex] : nil
            try write(try map.drawing(over: sample, className: name), file, sheet)
        }
    }

    private func folder() throws -> String {
        do {
            try FileManager.default.createDirectory(
                atPath: output, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                "\(output) cannot be made: \(error.localizedDescription); give another --output",
                .cannotCreate)
        }
        return output
    }

    private func write(_ drawing: Drawing, _ name: String, _ folder: String) throws {
        let path = "\(folder)/\(name).\(svg ? "svg" : "png")"
        do {
            try drawing.write(to: path)
        } catch let error as FileError {
            throw Failure("\(error)", .cannotCreate)
        }
        if show { print(try TerminalPicture(drawing).text(for: Terminal.standardOutput)) }
        print(path)
        fflush(nil)
    }
}

/// What `--maps` says: numbers between commas.
struct MapNumbers: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        values = parts.compactMap { Int($0) }
        guard values.count == parts.count, values.allSatisfy({ $0 >= 0 }) else { return nil }
    }
}

extension Model {
    /// The last layer with filters over two axes whose maps are large enough to be looked at.
    fileprivate func lastConvolution() throws -> String {
        let found = try receptiveFields().filter { (try? filters(of: $0.layer)) != nil }
        let large = found.last { $0.outputSize.allSatisfy { $0 >= 5 } }
        guard let layer = large ?? found.last else {
            throw Failure(
                "the model has no layer with filters; use a model with a Conv2D, or name a --layer",
                .data)
        }
        return layer.layer
    }

    /// The feature maps with the largest numbers for a picture, strongest first.
    fileprivate func strongestMaps(
        _ count: Int, of layer: String, for sample: Tensor
    ) throws -> [Int] {
        let maps = try activations(of: layer, for: sample.reshaped([1] + sample.shape))
        guard maps.rank == 4, maps.shape[3] > 0 else {
            throw Failure(
                "layer \(layer) gives \(maps.shape), which are no feature maps; name a Conv2D",
                .data
            )
        }
        var largest = [Float](repeating: -.infinity, count: maps.shape[3])
        for (place, value) in maps.scalars.enumerated() {
            largest[place % largest.count] = max(largest[place % largest.count], value)
        }
        let order = largest.indices.sorted { (-largest[$0], $0) < (-largest[$1], $1) }
        return Array(order.prefix(count))
    }
}

extension LabelledImages {
    /// The pictures in the size and with the channels that a model takes.
    fileprivate func fitted(to shape: Shape) throws -> Tensor {
        let flat = x.rank == 3 ? x.reshaped(x.shape + [1]) : x
        let pictures = try (0..<count).map { index in
            try flat[index].fitted(to: shape).cast(to: .float32).scalars
        }
        let size = try flat[0].fitted(to: shape).shape
        return Tensor(pictures.flatMap { $0 }, shape: [count] + size)
    }
}
