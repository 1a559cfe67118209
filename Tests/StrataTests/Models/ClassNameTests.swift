import Foundation
import Testing

@testable import Strata

/// What a model calls its classes.
@Suite struct ClassNameTests {
    private let names = ["cat", "dog", "owl"]

    private func images(_ names: [String]) throws -> LabelledImages {
        try LabelledImages(
            x: Tensor([UInt8](repeating: 1, count: 24), shape: [6, 2, 2, 1]),
            y: Tensor([0, 1, 2, 0, 1, 2] as [Int32]), classNames: names)
    }

    private func model(_ classes: Int = 3, isBuilt: Bool = true) throws -> Sequential {
        let model = try Sequential {
            if isBuilt { Input(shape: [2, 2, 1]) }
            Flatten()
            Dense(classes, activation: classes == 1 ? .sigmoid : .softmax)
        }
        try model.compile(
            optimizer: SGD(),
            loss: classes == 1 ? .meanSquaredError : .sparseCategoricalCrossentropy)
        return model
    }

    private struct Own: Dataset {
        let base: any Dataset
        var batchCount: Int? { base.batchCount }
        var classNames: [String] { base.classNames }
        func batches(inEpoch epoch: Int) throws -> any BatchIterator {
            try base.batches(inEpoch: epoch)
        }
    }

    private static let wrappings: [@Sendable (ArraySource) throws -> any Dataset] = [
        { $0.batched(2) }, { $0.batched(2).shuffled(seed: 1) }, { $0.batched(2).prefetched() },
        { $0.batched(2).mapped { batch, _ in batch } }, { $0.cached(limit: 1 << 20).batched(3) },
        {
            try $0.cached(inFolder: FileManager.default.temporaryDirectory.path, limit: 1 << 20)
                .batched(3)
        },
        { ($0.batched(2) as any Dataset).prefetched() }, { Own(base: $0.batched(2)) },
        { Own(base: $0.batched(2)).prefetched(2) },
    ]

    @Test(arguments: wrappings.indices) func `a model takes the names of the data it learns from`(
        index: Int
    ) throws {
        let model = try model()
        try model.fit(
            try Self.wrappings[index](ArraySource(images(names))), verbose: .silent)
        #expect(model.classNames == names)
        #expect(model.name(ofClass: 2) == "owl")
        #expect(model.name(ofClass: 3) == "class 3")
    }

    @Test(arguments: [true, false])
    func `so it does with labelled pictures, and keeps them in a file`(
        isBuilt: Bool
    ) throws {
        let model = try model(isBuilt: isBuilt)
        try model.fit(images(names), verbose: .silent)
        #expect(model.classNames == names)
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).keras").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.save(to: path)
        #expect(try Model.load(from: path).classNames == names)
    }

    @Test func `pictures in folders have the folders' names`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("names-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let pixels = Tensor([UInt8](repeating: 9, count: 12), shape: [2, 2, 3])
        for name in names {
            let part = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
            try Data(ImageEncoder.png(pixels)).write(to: part.appendingPathComponent("a.png"))
        }
        let data = try imageDataset(
            fromDirectory: folder.path, colorMode: .grayscale, imageSize: [2, 2])
        for data: any Dataset in [
            data, data.cached(limit: 1000), data.mapped { batch, _ in batch },
        ] {
            let model = try model()
            try model.fit(data, verbose: .silent)
            #expect(model.classNames == names)
        }
    }

    @Test func `names that were set stay, names of other data are replaced`() throws {
        let own = try model()
        own.classNames = ["Katze", "Hund", "Eule"]
        try own.fit(images(names), verbose: .silent)
        #expect(own.classNames == ["Katze", "Hund", "Eule"])
        let other = try model()
        try other.fit(images(["a", "b", "c"]), verbose: .silent)
        try other.fit(images(names), verbose: .silent)
        #expect(other.classNames == names)
        other.classNames = nil
        #expect(other.classNames == nil)
    }

    @Test func `names that are not those of the outputs are not taken`() throws {
        let four = try model(4)
        try four.fit(images(names), verbose: .silent)
        #expect(four.classNames == nil)
        // One number tells two classes apart.
        let pair = try LabelledImages(
            x: Tensor([UInt8](repeating: 1, count: 8), shape: [2, 2, 2, 1]),
            y: Tensor([0, 1] as [Int32]), classNames: ["no", "yes"])
        let one = try model(1)
        try one.fit(pair, verbose: .silent)
        #expect(one.classNames == ["no", "yes"])
    }

    @Test func `confusion matrices have the model's names`() throws {
        let model = try model()
        model.classNames = names
        let predictions = try model.classPredictions(for: images([]))
        #expect(predictions.confusionMatrix.classNames == names)
        model.classNames = ["too", "few"]
        let others = try model.classPredictions(for: images(["x", "y", "z"]))
        #expect(others.confusionMatrix.classNames == ["x", "y", "z"])
    }
}
