import Foundation
import Strata
import StrataSearch

/// What `strata search` searches: the data, and the networks for it.
struct SearchTask {
    /// The fraction of a data set's training images that trials are compared by.
    static let validationSplit = 0.1
    /// A folder's images come in batches of this size; a trial does not choose.
    private static let folderBatchSize = 32

    /// The line before the search.
    let title: String
    let dataName: String
    let hyperModel: HyperCNN
    let space: SearchSpace
    private let data: Data

    private enum Data {
        case set(DatasetInfo, LabelledImages)
        case folder(String, PhotoFolder)
    }

    init(_ command: SearchCommand) throws {
        let given = try command.space.map { try SearchSpace(contentsOf: $0) } ?? SearchSpace()
        switch command.dataset {
        case .set(let info):
            let images = try info.load().train
            hyperModel = HyperCNN(
                inputShape: images.pictureShape, classes: images.classNames.count,
                samples: trainingCount(
                    of: images.count, validationSplit: Self.validationSplit),
                epochs: command.epochs,
                // Digits change their meaning when flipped.
                allowsHorizontalFlips: info.name != "mnist")
            data = .set(info, images)
            dataName = info.argument
            space = given
            title =
                "Searching on \(info.title): \(images.count) pictures, "
                + "\(images.classNames.count) classes"
        case .folder(let path):
            let photos = try PhotoFolder(
                path, for: nil, batchSize: Self.folderBatchSize,
                seed: UInt64(command.seed ?? 0))
            hyperModel = HyperCNN(
                inputShape: photos.shape, classes: photos.classNames.count,
                samples: photos.training.count, epochs: command.epochs)
            data = .folder(path, photos)
            dataName = PhotoFolder.name(of: path)
            // The batches are the folder's, whatever a file for the space says.
            var domains = Dictionary(
                uniqueKeysWithValues: given.hyperParameters.map { ($0.name, $0.domain) })
            domains["batch_size"] = .fixed(.int(Self.folderBatchSize))
            space = try SearchSpace(domains)
            title =
                "Searching on \(path): \(photos.training.count) pictures, "
                + "\(photos.validation.count) for validation, classes "
                + photos.classNames.joined(separator: ", ")
        }
    }

    /// Searches until the budget is used up.
    func run(_ search: HyperparameterSearch, epochs: Int, _ budget: SearchBudget) throws {
        switch data {
        case .set(_, let images):
            try search.search(
                images, epochs: epochs, validationSplit: Self.validationSplit, budget: budget)
        case .folder(_, let photos):
            try search.search(
                photos.training, epochs: epochs, validationData: photos.validation, budget: budget)
        }
    }

    /// The test images, which the search has not seen; `nil` for a folder.
    func test() throws -> LabelledImages? {
        switch data {
        case .set(let info, _): try info.load().test
        case .folder: nil
        }
    }

    /// The program that trains the network of a trial.
    func swiftSource(_ trial: Trial) throws -> String {
        let program: ProgramData =
            switch data {
            case .set(let info, _):
                .dataset(info.typeName, validationSplit: Self.validationSplit)
            case .folder(let path, _): .folder(path)
            }
        return try hyperModel.swiftSource(trial.values, data: program)
    }
}

extension DatasetInfo {
    /// The name of the type that loads it: `FashionMNIST`.
    fileprivate var typeName: String { title.filter { $0.isLetter || $0.isNumber } }
}
