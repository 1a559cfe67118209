import Foundation
import Strata

/// A folder with a folder for each class, split into training and validation images.
struct PhotoFolder {
    /// The fraction for validation, if the folder is not split already.
    private static let validationSplit = 0.2
    private static let sides = 32...96
    /// The cache limit for decoded images.
    private static let cacheLimit = 1 << 30
    private static let heldOutLimit = 2000
    private static let partNames = (
        training: ["train", "training"], validation: ["val", "valid", "validation", "test"]
    )

    let training: ImageDataset
    let validation: ImageDataset
    let classNames: [String]
    /// Height, width and channels of the model's input.
    let shape: [Int]

    /// - Parameters:
    ///   - path: the folder; it may contain `train` and `val` with the class folders.
    ///   - model: a model that determines the image size; otherwise it is chosen by the images'
    ///     sizes.
    ///   - seed: the random seed of the split and the order.
    init(_ path: String, for model: Model?, batchSize: Int, seed: UInt64) throws {
        try PhotoFolder.check(path)
        let parts = PhotoFolder.parts(path)
        shape = try model.map(PhotoFolder.shape) ?? PhotoFolder.shape(ofPicturesIn: path)
        let mode = PhotoFolder.colorMode(shape)
        let size = SpatialSize(Array(shape.prefix(2)))
        func load(_ folder: String, _ classNames: [String]?) throws -> ImageDataset {
            try imageDataset(
                fromDirectory: folder, classNames: classNames, colorMode: mode,
                batchSize: batchSize, imageSize: size, seed: seed
            ).cached(limit: PhotoFolder.cacheLimit)
        }
        if let parts {
            training = try load(parts.training, nil)
            validation = try load(parts.validation, training.classNames)
        } else {
            let split = try imageDatasets(
                fromDirectory: path, colorMode: mode, batchSize: batchSize, imageSize: size,
                seed: seed, validationSplit: PhotoFolder.validationSplit)
            training = split.training.cached(limit: PhotoFolder.cacheLimit)
            validation = split.validation.cached(limit: PhotoFolder.cacheLimit)
        }
        classNames = training.classNames
        guard classNames.count > 1 else {
            throw Failure(
                "\(path) has \(classNames.count) class folder; put the pictures of each class into "
                    + "a folder of its own", .data)
        }
    }

    /// The folder's name in records of runs and searches.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? "folder"
    }

    /// Validation images in memory, a limited number for pictures.
    func heldOut() throws -> LabelledImages {
        try validation.first(PhotoFolder.heldOutLimit)
    }

    /// All images of a folder, or the validation images of a split one, as a model's input.
    ///
    /// - Parameter classNames: the class folders in the order of class indices; sorted if left out.
    static func pictures(
        of path: String, for model: Model, classNames: [String]? = nil
    ) throws -> ImageDataset {
        try inOrder(parts(path)?.validation ?? path, for: model, classNames: classNames)
    }

    /// All images of a folder, or the training images of a split one, as a model's input.
    static func trainingPictures(of path: String, for model: Model) throws -> ImageDataset {
        try inOrder(parts(path)?.training ?? path, for: model, classNames: nil)
    }

    private static func inOrder(
        _ folder: String, for model: Model, classNames: [String]?
    ) throws -> ImageDataset {
        try check(folder)
        let shape = try shape(of: model)
        return try imageDataset(
            fromDirectory: folder, classNames: classNames,
            colorMode: colorMode(shape), imageSize: SpatialSize(Array(shape.prefix(2))),
            shuffle: false)
    }

    /// The same with the model's classes.
    static func testPictures(of path: String, for model: Model) throws -> ImageDataset {
        let data = try pictures(of: path, for: model, classNames: model.classNames)
        let count = try model.classCount()
        guard data.classNames.count == count else {
            throw Failure(
                "\(path) has the \(data.classNames.count) classes "
                    + "\(data.classNames.joined(separator: ", ")), but the model tells \(count) apart; "
                    + "give a folder with a folder for each of its classes", .data)
        }
        return data
    }

    /// - Throws: a ``Failure`` if there is no folder at the path.
    private static func check(_ path: String) throws {
        if Suggestion.isFolder(path) { return }
        if FileManager.default.fileExists(atPath: path) {
            throw Failure(
                "\(path) is a file; give a data set, or a folder that holds a folder of pictures for "
                    + "each class", .data)
        }
        let isPath = path.contains("/")
        let what =
            isPath
            ? "there is no folder \(path)"
            : "there is no data set and no folder \(Suggestion.shown(path))"
        let names = isPath ? [] : DatasetInfo.all.map(\.argument)
        let near =
            nearestName(to: path, among: names)
            ?? Suggestion.path(near: path, where: Suggestion.isFolder)
        throw Failure(
            "\(what); "
                + (near.map { "did you mean \($0)?" }
                    ?? "give a folder of class folders, or a data set: "
                    + DatasetInfo.all.map(\.argument).joined(separator: ", ")),
            .noInput)
    }

    private static func colorMode(_ shape: [Int]) -> ColorMode {
        ColorMode.allCases.first { $0.channelCount == shape[2] } ?? .rgb
    }

    /// The subfolders of a split.
    private static func parts(_ path: String) -> (training: String, validation: String)? {
        func find(_ names: [String]) -> String? {
            names.map { "\(path)/\($0)" }.first(where: Suggestion.isFolder)
        }
        guard let training = find(partNames.training),
            let validation = find(partNames.validation)
        else { return nil }
        return (training, validation)
    }

    private static func shape(of model: Model) throws -> [Int] {
        guard let known = model.inputShapes.first, known.rank == 4,
            let channels = known[3],
            ColorMode.allCases.contains(where: { $0.channelCount == channels })
        else {
            throw Failure(
                "the model takes \(model.inputShapes.first.map { "\($0)" } ?? "nothing"), not "
                    + "pictures with 1, 3 or 4 channels", .data)
        }
        return [known[1] ?? sides.upperBound, known[2] ?? sides.upperBound, channels]
    }

    /// A square about as large as the smaller sides of some of the images, a multiple of 16.
    private static func shape(ofPicturesIn path: String) -> [Int] {
        let names =
            (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
            .sorted()
        let step = max(names.count / 32, 1)
        let lengths = stride(from: 0, to: names.count, by: step).compactMap { index in
            (try? ImageDecoder.decode(file: "\(path)/\(names[index])"))?.shape.prefix(2).min()
        }.sorted()
        let median = lengths.isEmpty ? sides.upperBound : lengths[lengths.count / 2]
        let side = min(max(median / 16 * 16, sides.lowerBound), sides.upperBound)
        return [side, side, 3]
    }
}
