import Foundation

@testable import Strata

/// A short training with all that draws random numbers, the same each time.
struct SeededTraining {
    /// Where the samples come from, in the same order.
    enum Source: String, CaseIterable {
        case arrays
        case dataset
        case prefetched
        case prefetchedByThreads
    }

    var source = Source.arrays
    var policy = DTypePolicy.float32
    var seed: UInt64 = 7

    private static let sampleCount = 40

    /// Images and classes whose numbers are exact.
    private static var samples: (x: Tensor, y: Tensor) {
        let pixels = (0..<sampleCount * 100).map { Float($0 * 37 % 101) / 64 - 0.75 }
        return (
            Tensor(pixels, shape: [sampleCount, 10, 10, 1]),
            Tensor((0..<sampleCount).map { Int32($0 * 7 % 5) })
        )
    }

    private func model() throws -> Model {
        func typed(_ layer: Layer) -> Layer {
            layer.dtypePolicy = policy
            return layer
        }
        let model = try Sequential {
            Input(shape: [10, 10, 1])
            typed(GaussianNoise(0.1))
            typed(Conv2D(8, kernelSize: 3, activation: .relu))
            typed(BatchNormalization())
            typed(MaxPooling2D(2))
            typed(Conv2D(8, kernelSize: 3, padding: .same, activation: .tanh))
            typed(Flatten())
            typed(Dropout(0.3))
            typed(Dense(5, activation: .softmax))
        }
        try model.compile(
            optimizer: Adam(learningRate: 0.01), loss: .sparseCategoricalCrossentropy,
            metrics: [.accuracy])
        return model
    }

    /// Trains, and returns the weights, the optimizer's variables and the losses of the epochs.
    func run() throws -> [Tensor] {
        try SeedStream.$own.withValue(SeedStream(seed: seed)) {
            let model = try model()
            try fit(model)
            let losses = (model.history?["loss"] ?? []).map { Tensor($0) }
            return try model.getWeights() + model.optimizerVariables.map { try $0.value } + losses
        }
    }

    private func fit(_ model: Model) throws {
        let (x, y) = Self.samples
        let batches = try ArraySource(x, y).batched(8)
        let data: BatchedDataset
        switch source {
        case .arrays:
            try model.fit(x, y, batchSize: 8, epochs: 2, verbose: .silent, shuffle: false)
            return
        case .dataset: data = batches
        case .prefetched: data = batches.prefetched(2, threads: 1)
        case .prefetchedByThreads: data = batches.prefetched(3, threads: 3)
        }
        try model.fit(data, epochs: 2, verbose: .silent)
    }

    /// The first half of the SHA-256 of all bytes of a result.
    static func digest(_ result: [Tensor]) -> String {
        String(SHA256.hexadecimal(result.flatMap { $0.withUnsafeBytes { Array($0) } }).prefix(32))
    }
}
