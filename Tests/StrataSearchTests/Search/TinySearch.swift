import Foundation
import Strata

@testable import StrataSearch

/// A search small enough for a test: images of 6 × 6 in three classes, and a network of one layer.
struct TinySearch {
    let folder: String
    let x: Tensor
    let y: Tensor

    init(in folder: String = NSTemporaryDirectory() + "search-\(UUID().uuidString)") {
        self.folder = folder
        // A class for each third of the values' range.
        var generator = RandomGenerator(seed: 7)
        let classes = (0..<48).map { Int32($0 % 3) }
        let pixels = classes.flatMap { label in
            (0..<36).map { _ in Float(label) / 3 + generator.uniform() / 3 }
        }
        x = Tensor(pixels, shape: [48, 6, 6, 1])
        y = Tensor(classes)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Width and learning rate of a dense layer.
    static func build(_ hp: HyperParameters) throws -> Model {
        let width = try hp.choice("width", [2, 4, 8, 16])
        let rate = try hp.float("learning_rate", minValue: 1e-4, maxValue: 1e-1, sampling: .log)
        return try model(width: width, rate: rate)
    }

    static func model(width: Int, rate: Double) throws -> Model {
        let model = try Sequential {
            Input(shape: [6, 6, 1])
            Flatten()
            Dense(width, activation: .relu)
            Dropout(0.2)
            Dense(3, activation: .softmax)
        }
        try model.compile(
            optimizer: Adam(learningRate: rate), loss: .sparseCategoricalCrossentropy,
            metrics: [.accuracy])
        return model
    }

    func search(
        _ algorithm: SearchAlgorithm? = .random, seed: UInt64? = 1, objective: String? = nil,
        settings: [String: JSONValue] = [:],
        build: @escaping (HyperParameters) throws -> Model = TinySearch.build
    ) -> HyperparameterSearch {
        HyperparameterSearch(
            in: folder, algorithm: algorithm, objective: objective, seed: seed, settings: settings,
            build: build)
    }

    @discardableResult
    func run(
        _ search: HyperparameterSearch, epochs: Int = 3, _ budget: SearchBudget
    ) throws -> SearchResults {
        try search.search(
            x, y, epochs: epochs, batchSize: 8, validationSplit: 0.25, budget: budget,
            verbose: .silent)
    }
}

extension Trial {
    /// What has to be equal where two searches are the same: not the times.
    var outcome: String { "\(number) \(values.sorted { $0.key < $1.key }) \(status) \(objectives)" }
}
