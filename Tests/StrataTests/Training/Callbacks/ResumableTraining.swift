import Foundation
import StrataTestSupport

@testable import Strata

/// A small training with all that has a state: shuffling, augmentation, dropout, normalization, the
/// optimizer, and callbacks that remember.
struct ResumableTraining: CustomStringConvertible {
    enum Source: String, CaseIterable {
        case arrays
        /// Epochs of three steps, which go on within the data.
        case arraysInSteps
        /// A folder of pictures, shuffled, augmented and prefetched.
        case folder
        case folderInSteps
    }

    static let epochs = 4
    let source: Source
    let policy: DTypePolicy
    /// A folder for the pictures, the backup and what callbacks write.
    let folder: String

    var description: String { "\(source) \(policy)" }
    var backup: String { "\(folder)/backup" }
    var checkpoint: String { "\(folder)/best.weights.h5" }
    private var table: String { "\(folder)/metrics.csv" }

    /// What is to be the same for an interrupted training and one that was not.
    struct Outcome: Equatable {
        let weights: [[UInt8]]
        let optimizer: [[UInt8]]
        let best: [UInt8]
        let epochs: [Int]
        let logs: [Logs]
        let table: String
    }

    /// Writes 5 pictures for each of the two classes.
    func writePictures() throws {
        for number in 0..<20 {
            let place = "\(folder)/pictures/\(number % 2)"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            let pixels = (0..<64).map { UInt8(truncatingIfNeeded: $0 * 37 * (number + 3) % 251) }
            try FileContents.write(
                ImageEncoder.png(Tensor(pixels, shape: [8, 8])), to: "\(place)/\(number).png")
        }
    }

    /// Trains with the same seed each time.
    ///
    /// - Parameters:
    ///   - saving: when the state is saved; it is not if left out.
    ///   - callbacks: further callbacks, the last ones.
    func run(
        saving: ModelCheckpoint.SaveFrequency?, _ callbacks: [Callback] = []
    ) throws -> Outcome {
        try SeedStream.$own.withValue(SeedStream(seed: 7)) {
            let model = try model()
            let backups = saving.map { [BackupAndRestore(backup, saveFrequency: $0)] } ?? []
            // What comes after the backup in the list has a state all the same.
            try fit(model, backups + (try own()) + callbacks)
            return try outcome(of: model)
        }
    }

    private func model() throws -> Model {
        // The layers' names are in the checkpoint.
        func typed(_ layer: Layer) -> Layer {
            layer.dtypePolicy = policy
            return layer
        }
        let model = try Sequential(name: "net") {
            Input(shape: [8, 8, 1])
            typed(RandomTranslation(0.3, 0.3, name: "translation"))
            typed(RandomFlip(name: "flip"))
            typed(Conv2D(4, kernelSize: 3, activation: .relu, name: "convolution"))
            typed(BatchNormalization(name: "normalization"))
            typed(Flatten(name: "flatten"))
            typed(Dropout(0.4, name: "dropout"))
            typed(Dense(2, activation: .softmax, name: "dense"))
        }
        let rate: LearningRate =
            hasSchedule ? .schedule(CosineDecay(0.05, decaySteps: 16)) : 0.05
        try model.compile(
            optimizer: Adam(learningRate: rate), loss: .sparseCategoricalCrossentropy,
            metrics: [.accuracy])
        return model
    }

    /// A schedule and callbacks that set the learning rate exclude each other.
    private var hasSchedule: Bool {
        switch source {
        case .arrays, .folderInSteps: false
        case .arraysInSteps, .folder: true
        }
    }

    private func own() throws -> [Callback] {
        let rates: [Callback] =
            hasSchedule
            ? []
            : [
                LearningRateScheduler { _, rate in rate * 0.9 },
                try ReduceLROnPlateau(monitor: "val_loss", factor: 0.5, patience: 1, minDelta: 0.1),
            ]
        return rates + [
            EarlyStopping(patience: 3, restoreBestWeights: true), CSVLogger(table),
            ModelCheckpoint(checkpoint, saveBestOnly: true, saveWeightsOnly: true),
        ]
    }

    private func fit(_ model: Model, _ callbacks: [Callback]) throws {
        switch source {
        case .arrays, .arraysInSteps:
            let x = Tensor((0..<20 * 64).map { Float($0 * 37 % 11) / 11 }, shape: [20, 8, 8, 1])
            let y = Tensor((0..<20).map { Int32($0 % 2) })
            try model.fit(
                x, y, batchSize: 4, epochs: Self.epochs, verbose: .silent, callbacks: callbacks,
                validationSplit: 0.2, stepsPerEpoch: source == .arraysInSteps ? 3 : nil)
        case .folder, .folderInSteps:
            let (train, test) = try imageDatasets(
                fromDirectory: "\(folder)/pictures", colorMode: .grayscale, batchSize: 4,
                imageSize: 8, seed: 3, validationSplit: 0.2)
            let scaled = { @Sendable (batch: Batch, factor: Float) in
                let x = batch.x[0]
                return Batch(
                    x: Tensor(x.scalars.map { $0 * factor / 255 }, shape: x.shape), y: batch.y[0])
            }
            try model.fit(
                train.mapped { scaled($0, 0.5 + $1.uniform()) }, epochs: Self.epochs,
                verbose: .silent, callbacks: callbacks,
                validationData: test.mapped { batch, _ in scaled(batch, 1) },
                stepsPerEpoch: source == .folderInSteps ? 3 : nil)
        }
    }

    private func outcome(of model: Model) throws -> Outcome {
        func bytes(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }
        return Outcome(
            weights: try model.getWeights().map(bytes),
            optimizer: try model.optimizerVariables.map { bytes(try $0.value) },
            best: try FileContents.read(checkpoint), epochs: model.history?.epoch ?? [],
            logs: model.history?.logs ?? [],
            table: try String(contentsOfFile: table, encoding: .utf8))
    }
}
