import Foundation
import Strata

/// A training: the model, the data and the settings.
struct Training {
    /// The message before training.
    let title: String
    /// The names of data and network in the run's folder.
    let dataName: String
    let networkName: String
    let network: Model
    let epochs: Int
    let batchSize: Int
    let validationSplit: Double
    let fit: ([Callback]) throws -> History
    /// Images for predictions after training.
    let heldOut: () throws -> LabelledImages
}

extension TrainCommand {
    /// Training on a data set.
    func set() throws -> Training {
        let (info, data) = try load()
        let model = model ?? .new(.strided)
        let network = try model.model(for: data, isAugmented: augment)
        try network.prepareForClasses(data, learningRate: learningRate)
        network.classNames = data.classNames
        let (epochs, batchSize, split) = (epochs ?? 15, batchSize ?? 128, 0.1)
        return Training(
            title: "\(info.title): \(data.count) pictures, \(data.classNames.count) classes",
            dataName: info.argument, networkName: model.name, network: network,
            epochs: epochs, batchSize: batchSize, validationSplit: split,
            fit: {
                try network.fit(
                    data.x, data.y, batchSize: batchSize, epochs: epochs, callbacks: $0,
                    validationSplit: split)
            },
            heldOut: {
                data[trainingCount(of: data.count, validationSplit: split)..<data.count]
            })
    }

    /// Training on a folder with a folder for each class.
    func folder(_ path: String, seed: UInt64) throws -> Training {
        let model = model ?? .new(.photo)
        let file: Model? = if case .file(let file) = model { try file.load() } else { nil }
        let batchSize = batchSize ?? 16
        let photos = try PhotoFolder(path, for: file, batchSize: batchSize, seed: seed)
        let shape = photos.shape
        let network =
            try file
            ?? (model.architecture ?? .photo).model(
                shape: shape, classes: photos.classNames.count, isRescaled: true)
        try network.prepareForClasses(
            LabelledImages(
                x: .zeros([1] + shape), y: .zeros([1], dtype: .int32),
                classNames: photos.classNames), learningRate: learningRate)
        network.classNames = photos.classNames
        let count = photos.training.count
        // About twenty thousand images, in at most 150 epochs.
        let epochs = epochs ?? min(max(20_000 / max(count, 1), 15), 150)
        let validationCount = photos.validation.count
        return Training(
            title: "\(path): \(count) pictures of \(shape[0]) × \(shape[1]), "
                + "\(validationCount) for validation, classes "
                + photos.classNames.joined(separator: ", "),
            dataName: PhotoFolder.name(of: path),
            networkName: model.name, network: network, epochs: epochs,
            batchSize: batchSize,
            validationSplit: Double(validationCount) / Double(count + validationCount),
            fit: {
                try network.fit(
                    photos.training, epochs: epochs, callbacks: $0,
                    validationData: photos.validation)
            }, heldOut: photos.heldOut)
    }

    /// The training images, of the requested set or of one that is cached.
    private func load() throws -> (DatasetInfo, LabelledImages) {
        if case .set(let set) = dataset { return (set, try set.load().train) }
        do throws(DataError) {
            return (FashionMNIST.info, try FashionMNIST.load().train)
        } catch {
            switch error {
            case .notAvailable, .unwritable:
                Console.writeError(
                    "\(error)\nNo data set was given: training on Shapes instead.\n")
                return (Shapes.info, try Shapes.load().train)
            case .corruptSet, .corruptFile, .corruptImage, .oversizedImage, .unknownImageFormat,
                .unsuitableImage, .unreadable, .invalidArgument, .stopped:
                throw error
            }
        }
    }
}
