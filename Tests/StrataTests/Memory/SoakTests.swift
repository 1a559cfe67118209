import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Work that goes on for long leaves memory where it was.
///
/// `STRATA_SOAK="20000 100000 2000"` sets how many training steps, predictions and models there are;
/// `scripts/soak` runs them in the build for release. Each test has a process of its own.
@Suite(.disabled(if: hasSanitizer, "a sanitizer takes memory of its own"))
struct SoakTests {
    private static let counts: [Int] = {
        let text = ProcessInfo.processInfo.environment["STRATA_SOAK"] ?? ""
        let given = text.split(separator: " ").compactMap { Int($0) }
        return given.count == 3 ? given : [480, 1_000, 80]
    }()
    private static let isLong = ProcessInfo.processInfo.environment["STRATA_SOAK"] != nil

    /// Runs rounds of equal work, and expects that memory rises by no more than 2 % after the first quarter.
    private static func soak(
        _ what: String, _ count: Int, inRound: Int, _ round: () throws -> Void
    ) throws {
        var record = MemoryRecord(what, isPrinted: isLong)
        let rounds = max(count / inRound, 8)
        for number in 1...rounds {
            try round()
            if number * 40 / rounds > (number - 1) * 40 / rounds {
                try record.add(number * inRound)
            }
        }
        #expect(record.growth < 0.02, "\(what): \(record.growth * 100) % more resident memory")
    }

    @Test func `training`() async {
        await #expect(processExitsWith: .success) {
            let training = try SoakTraining()
            try SoakTests.soak("steps", SoakTests.counts[0], inRound: SoakTraining.stepCount) {
                try training.round()
            }
        }
    }

    @Test func `predictions of changing batches and images`() async {
        await #expect(processExitsWith: .success) {
            let predictions = try SoakPredictions()
            try SoakTests.soak(
                "predictions", SoakTests.counts[1], inRound: SoakPredictions.count
            ) {
                try predictions.round()
            }
        }
    }

    @Test func `models made and freed`() async {
        await #expect(processExitsWith: .success) {
            try SoakTests.soak("models", SoakTests.counts[2], inRound: SoakModels.count) {
                try SoakModels.round()
            }
        }
    }

    @Test func `a model that nobody holds is gone`() throws {
        weak var model: Model?
        weak var predictor: Predictor?
        do {
            let (made, frozen) = try SoakModels.used()
            (model, predictor) = (made, frozen)
            #expect(model != nil && predictor != nil)
        }
        #expect(model == nil)
        #expect(predictor == nil)
    }
}

/// Training with arrays and data sets, prefetched or not, and with batches of changing sizes.
private struct SoakTraining {
    /// The steps of a round: two epochs of 8, and 8 batches.
    static let stepCount = 24

    private let model: Model
    private let x = SoakModels.pictures(64)
    private let y = SoakModels.classes(64)

    init() throws { model = try SoakModels.network(size: 12) }

    func round() throws {
        try model.fit(x, y, batchSize: 8, verbose: .silent)
        try model.fit(
            ArraySource(x, y).batched(8).shuffled(seed: 1).prefetched(2, threads: 2),
            verbose: .silent)
        for count in 1...8 {
            try model.trainOnBatch(SoakModels.pictures(count), SoakModels.classes(count))
        }
        try model.evaluate(x, y, verbose: .silent)
    }
}

/// Predictions for batches and images of many sizes, of which most need a plan that is gone.
private struct SoakPredictions {
    static let count = 100

    private let model: Model
    private let predictor: Predictor

    init() throws {
        model = try SoakModels.network(size: nil)
        predictor = try Predictor(model, concurrency: 2)
    }

    func round() throws {
        for number in 0..<Self.count / 2 {
            let (count, size) = (1 + number % 7, 6 + number * 3 % 20)
            let x = SoakModels.pictures(count, size: size)
            _ = try model.predictOnBatch(x)
            _ = try predictor.predict(SoakModels.pictures(1 + number % 40, size: size))
        }
    }
}

/// Models, compiled, trained for a step, frozen, read and written.
private enum SoakModels {
    static let count = 4

    static func pictures(_ count: Int, size: Int = 12) -> Tensor {
        let values = (0..<count * size * size).map { Float($0 * 37 % 101) / 64 - 0.75 }
        return Tensor(values, shape: [count, size, size, 1])
    }

    static func classes(_ count: Int) -> Tensor { Tensor((0..<count).map { Int32($0 % 5) }) }

    /// - Parameter size: of the images; any if left out.
    static func network(size: Int?) throws -> Model {
        let model = try Sequential {
            Input(shape: [size, size, 1])
            RandomFlip()
            Conv2D(8, kernelSize: 3, activation: .relu)
            BatchNormalization()
            MaxPooling2D(2)
            GlobalAveragePooling2D()
            Dropout(0.3)
            Dense(5, activation: .softmax)
        }
        try model.compile(
            optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        return model
    }

    private static func residual() throws -> Model {
        let input = Input(shape: [12, 12, 1])
        let x = Conv2D(8, kernelSize: 3, padding: .same)(input)
        let y = Add()([x, Conv2D(8, kernelSize: 3, padding: .same, activation: .relu)(x)])
        let model = try Model(inputs: input, outputs: Dense(5, activation: .softmax)(Flatten()(y)))
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
        return model
    }

    static func used() throws -> (Model, Predictor) {
        let model = try network(size: 12)
        try model.trainOnBatch(pictures(8), classes(8))
        let predictor = try Predictor(model)
        _ = try predictor.predict(pictures(3))
        return (model, predictor)
    }

    static func round() throws {
        for _ in 0..<count / 4 {
            _ = try used()
            let model = try residual()
            try model.fit(pictures(8), classes(8), batchSize: 4, verbose: .silent)
            let path = "\(FileManager.default.temporaryDirectory.path)/soak-\(getpid()).keras"
            defer { unlink(path) }
            try model.save(path)
            _ = try Model.load(path).predict(pictures(2))
            _ = try network(size: nil).predict(pictures(2, size: 9))
        }
    }
}
