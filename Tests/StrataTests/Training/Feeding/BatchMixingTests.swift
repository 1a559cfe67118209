import Foundation
import Testing

@testable import Strata

@Suite struct BatchMixingTests {
    /// Three quarters of each picture and label are its own.
    private final class Quarter: MixingAugmentation {
        override func mixed(
            _ images: SymbolicTensor, with others: SymbolicTensor, _ draws: ImageDraws
        ) -> (images: SymbolicTensor, ownShare: SymbolicTensor) {
            (images * 0.75 + others * 0.25, draws.same(0.75))
        }
    }

    private func quarter() -> Quarter {
        Quarter(seed: 3, dataFormat: .channelsLast, name: nil)
    }

    /// Six pictures of one pixel, 0, 10, …, each of a class of its own.
    private func source() throws -> ArraySource {
        let labels = (0..<36).map { Float($0 % 7 == 0 ? 1 : 0) }
        return try ArraySource(
            Tensor((0..<6).map { UInt8($0 * 10) }, shape: [6, 1, 1, 1]),
            Tensor(labels, shape: [6, 6]))
    }

    private func batches(_ data: any Dataset, epoch: Int = 0) throws -> [Batch] {
        var iterator = try data.batches(inEpoch: epoch)
        var all: [Batch] = []
        while let batch = try iterator.next() { all.append(batch) }
        return all
    }

    @Test func `a picture and its label are mixed with the same other one`() throws {
        let batch = try #require(try batches(source().batched(6).mapped(quarter())).first)
        var others: [Int] = []
        for row in 0..<6 {
            let label = batch.y[0][row].scalars
            let other = try #require(label.indices.first { label[$0] == 0.25 || label[$0] == 1 })
            var expected = [Float](repeating: 0, count: 6)
            expected[row] += 0.75
            expected[other] += 0.25
            #expect(label == expected)
            #expect(batch.x[0][row].scalars == [Float(10 * row) * 0.75 + Float(10 * other) * 0.25])
            others.append(other)
        }
        // Every picture is another's once.
        #expect(others.sorted() == Array(0..<6) && others != Array(0..<6))
    }

    @Test(arguments: 1...3)
    func `what is drawn follows from the seeds, the epoch and the batch`(threads: Int) throws {
        let plain = try source().batched(3).shuffled(seed: 1)
        let data = plain.mapped(quarter())
        let first = try batches(data)
        #expect(try batches(plain.mapped(quarter()).prefetched(2, threads: threads)) == first)
        #expect(try batches(data, epoch: 1) != first)
    }

    private func model() throws -> Model {
        let model = try SeedStream.$own.withValue(SeedStream(seed: 5)) {
            try Sequential {
                Input(shape: [1, 1, 1])
                Flatten()
                Rescaling(1.0 / 50)
                Dense(6, activation: .softmax)
            }
        }
        try model.compile(optimizer: SGD(learningRate: 0.5), loss: .categoricalCrossentropy)
        return model
    }

    @Test func `a model learns from the shares of mixed labels`() throws {
        let data = try source().batched(6).mapped(quarter())
        let mixed = try #require(try batches(data).first)
        let (one, other, plain) = (try model(), try model(), try model())
        let history = try one.fit(data, epochs: 1, verbose: .silent)
        let expected = try other.fit(
            mixed.x[0], mixed.y[0], batchSize: 6, epochs: 1, verbose: .silent, shuffle: false)
        #expect(try one.getWeights() == other.getWeights())
        #expect(history["loss"] == expected["loss"])
        try plain.fit(source().batched(6), epochs: 1, verbose: .silent)
        #expect(try one.getWeights() != plain.getWeights())
    }

    @Test(arguments: [true, false])
    func `with MixUp or CutMix two kinds of pictures are told apart`(isBlended: Bool) throws {
        var generator = RandomGenerator(seed: 8)
        // Bright above or bright below.
        var (pixels, labels): ([UInt8], [Float]) = ([], [])
        for picture in 0..<64 {
            for place in 0..<16 {
                let isBright = (place < 8) == (picture % 2 == 0)
                pixels.append(UInt8((isBright ? 160 : 20) + 60 * generator.uniform()))
            }
            labels += picture % 2 == 0 ? [1, 0] : [0, 1]
        }
        let x = Tensor(pixels, shape: [64, 4, 4, 1])
        let y = Tensor(labels, shape: [64, 2])
        let layer: MixingAugmentation = isBlended ? MixUp(alpha: 0.4, seed: 1) : CutMix(seed: 1)
        let model = try SeedStream.$own.withValue(SeedStream(seed: 2)) {
            try Sequential {
                Input(shape: [4, 4, 1])
                Rescaling(1.0 / 255)
                Flatten()
                Dense(2, activation: .softmax)
            }
        }
        try model.compile(
            optimizer: Adam(learningRate: 0.02), loss: .categoricalCrossentropy,
            metrics: [.accuracy])
        let data = try ArraySource(x, y).batched(16).shuffled(seed: 1).mapped(layer).prefetched()
        let history = try model.fit(data, epochs: 40, verbose: .silent)
        #expect(try model.evaluate(x, y, verbose: .silent)["accuracy"] == 1)
        // Labels of two classes keep their entropy, so that the loss of training stays above that of
        // whole pictures.
        let whole = try #require(try model.evaluate(x, y, verbose: .silent)["loss"])
        #expect(try #require(history["loss"].last) > whole + 0.02)
    }

    @Test func `labels that are numbers of classes cannot be mixed`() throws {
        let data = try ArraySource(
            Tensor(repeating: 1, shape: [4, 2, 2, 1]), Tensor([0, 1, 2, 3] as [Int32])
        ).batched(4).mapped(MixUp())
        let error = #expect(throws: DataError.self) { try self.batches(data) }
        #expect(
            error?.description
                == "labels cannot be mixed: they are int32 [4]; give each picture a row of shares of "
                + "the classes: labelMode: .categorical")
    }
}
