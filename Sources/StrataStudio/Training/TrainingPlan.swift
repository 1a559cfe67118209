#if Server
import Foundation
import HTTPTypes
import Strata

/// A training that the page asks for: data, network and settings.
struct TrainingPlan: Sendable {
    /// What is trained on.
    enum Data: Sendable {
        case set(DatasetInfo)
        /// A folder with a folder of pictures for each class, which are resized to a square.
        case folder(String, side: Int, classNames: [String])
    }

    static let blockLimit = 64
    static let epochRange = 1...1000
    static let batchRange = 1...8192

    let data: Data
    let blocks: [NetworkBlock]
    let optimizer: TrainingOptimizer
    let learningRate: Float
    let batchSize: Int
    let epochs: Int
    let validationSplit: Double
    let seed: Int
    let name: String
    /// As it came.
    let json: JSONValue

    /// - Throws: a ``ConfigurationError`` or a ``StudioError`` that names the member.
    init(_ json: Configuration, datasets: DatasetStore) throws {
        self.json = .object(json.members)
        if let path = try json.optionalString("folder"), !path.isEmpty {
            let side = try json.int("imageSize", default: 64)
            guard (8...512).contains(side) else {
                throw json.failure("imageSize", "is \(side); use 8 to 512 pixels")
            }
            data = .folder(path, side: side, classNames: try Self.classFolders(path))
        } else {
            guard let name = try json.optionalString("dataset") else {
                throw json.failure("dataset", "is missing; name a data set, or a folder")
            }
            data = .set(try datasets.info(name))
        }
        let items = try json.array("blocks")
        guard items.count <= Self.blockLimit else {
            throw json.failure("blocks", "has \(items.count); use up to \(Self.blockLimit)")
        }
        blocks = try items.enumerated().map { index, item in
            try NetworkBlock(try Configuration(item, path: "blocks[\(index)]"))
        }
        let optimizerName = try json.string("optimizer", default: "adam")
        guard let optimizer = TrainingOptimizer(rawValue: optimizerName) else {
            let known = TrainingOptimizer.allCases.map(\.rawValue).joined(separator: ", ")
            throw json.failure("optimizer", "\(optimizerName) is not one of \(known)")
        }
        self.optimizer = optimizer
        learningRate = try json.float("learningRate", default: 1e-3)
        guard learningRate > 0, learningRate.isFinite else {
            throw json.failure("learningRate", "is \(learningRate); use a finite number above 0")
        }
        batchSize = try json.int("batchSize", default: 128)
        guard Self.batchRange.contains(batchSize) else {
            throw json.failure(
                "batchSize", "is \(batchSize); use 1 to \(Self.batchRange.upperBound)")
        }
        epochs = try json.int("epochs", default: 5)
        guard Self.epochRange.contains(epochs) else {
            throw json.failure("epochs", "is \(epochs); use 1 to \(Self.epochRange.upperBound)")
        }
        validationSplit = try json.double("validationSplit", default: 0.1)
        guard (0...0.9).contains(validationSplit) else {
            throw json.failure("validationSplit", "is \(validationSplit); use 0 to 0.9")
        }
        seed = try json.int("seed", default: 1)
        guard (0...Int(UInt32.max)).contains(seed) else {
            throw json.failure("seed", "is \(seed); use 0 to \(UInt32.max)")
        }
        name = String(try json.string("name", default: "network").prefix(80))
    }

    /// The names of the class folders.
    private static func classFolders(_ path: String) throws(StudioError) -> [String] {
        let manager = FileManager.default
        let names = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { name in
            var isFolder: ObjCBool = false
            return !name.hasPrefix(".")
                && manager.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && isFolder.boolValue
        }
        guard names.count > 1 else {
            throw StudioError(
                .badRequest,
                "\(path) is no folder with a folder of pictures for each class; name one with two "
                    + "or more")
        }
        return names.sorted()
    }

    /// The shape of an image, `[height, width, channels]`.
    var inputShape: [Int] {
        switch data {
        case .set(let info):
            info.imageShape.count == 2 ? info.imageShape + [1] : info.imageShape
        case .folder(_, let side, _): [side, side, 3]
        }
    }

    var classNames: [String] {
        switch data {
        case .set(let info): info.classNames
        case .folder(_, _, let names): names
        }
    }

    /// The data's name in records of runs.
    var dataName: String {
        switch data {
        case .set(let info): info.name
        case .folder(let path, _, _): (path as NSString).lastPathComponent
        }
    }

    /// What a new training has.
    static let defaults: JSONValue = [
        "blocks": [
            [
                "kind": "convolution", "filters": 32, "kernel": [3, 3], "strides": [1, 1],
                "padding": "same", "activation": "relu",
            ],
            [
                "kind": "pooling", "type": "max", "window": [2, 2], "strides": [2, 2],
                "padding": "valid",
            ],
            [
                "kind": "convolution", "filters": 64, "kernel": [3, 3], "strides": [1, 1],
                "padding": "same", "activation": "relu",
            ],
            [
                "kind": "pooling", "type": "max", "window": [2, 2], "strides": [2, 2],
                "padding": "valid",
            ],
            ["kind": "dropout", "rate": 0.25], ["kind": "flatten"],
            ["kind": "dense", "units": 64, "activation": "relu"],
        ],
        "learningRate": 0.001, "batchSize": 128, "epochs": 5, "validationSplit": 0.1, "seed": 1,
        "optimizer": "adam", "imageSize": 64,
    ]
}
#endif
