import ArgumentParser
import Foundation
import Strata

/// The value of `--model`: a new network, or a file with a trained one.
enum Network {
    case new(Architecture)
    case file(ModelFile)

    /// - Throws: a `ValidationError` if the text is neither a network nor a file.
    init(parsing text: String) throws {
        if let architecture = Architecture(rawValue: text) {
            self = .new(architecture)
        } else if text.contains(".") || FileManager.default.fileExists(atPath: text) {
            self = .file(ModelFile(path: text))
        } else {
            let question = Suggestion.question(text, among: Architecture.allCases.map(\.rawValue))
            throw ValidationError("use \(Architecture.choices), or a .keras file\(question)")
        }
    }

    /// The architecture's name, or the file's path.
    var name: String {
        switch self {
        case .new(let architecture): architecture.rawValue
        case .file(let file): file.path
        }
    }

    /// The architecture, unless it is a file.
    var architecture: Architecture? {
        switch self {
        case .new(let architecture): architecture
        case .file: nil
        }
    }

    /// A model for the set's images and classes.
    ///
    /// - Parameters:
    ///   - data: the data set.
    ///   - isAugmented: whether a new network augments images while training.
    func model(for data: LabelledImages, isAugmented: Bool) throws -> Model {
        switch self {
        case .file(let file): return try file.load()
        case .new(let architecture):
            return try architecture.model(
                shape: data.pictureShape,
                classes: data.classNames.count, isRescaled: true, isAugmented: isAugmented)
        }
    }
}

extension LabelledImages {
    /// The shape of an image as a model takes it, `[height, width, channels]`.
    var pictureShape: [Int] {
        let shape = Array(x.shape.dropFirst())
        return shape.count == 2 ? shape + [1] : shape
    }
}
