internal import Foundation

extension BatchedDataset {
    /// Mixes the images of each batch with others of the batch, and their labels alike: Keras's
    /// `map` with such a layer.
    ///
    /// ```swift
    /// let (train, test) = try imageDatasets(
    ///     fromDirectory: "photos", labelMode: .categorical, seed: 1, validationSplit: 0.2)
    /// try model.compile(optimizer: Adam(), loss: .categoricalCrossentropy, metrics: [.accuracy])
    /// try model.fit(train.mapped(MixUp(alpha: 0.2)), epochs: 20, validationData: test)
    /// ```
    ///
    /// The random values follow from the seeds of the layer and the data, the epoch and the batch.
    /// The mixing runs on the prefetching threads; cache decoded samples with `cached` before it.
    ///
    /// - Parameter layer: ``MixUp`` or ``CutMix``.
    /// - Returns: batches of `float32` images, whose labels `float32 [count, classes]` have two
    ///   classes each. A batch without such labels is an error when it is read.
    public func mapped(_ layer: MixingAugmentation) -> BatchedDataset {
        let mixing = BatchMixing(layer)
        return mapped { batch, generator in try mixing.mixed(batch, &generator) }
    }
}

extension ImageDataset {
    /// Mixes the images and labels of each batch, as ``BatchedDataset/mapped(_:)``.
    public func mapped(_ layer: MixingAugmentation) -> ImageDataset {
        let mixing = BatchMixing(layer)
        return mapped { batch, generator in try mixing.mixed(batch, &generator) }
    }
}

/// A mixing layer for batches, for one thread at a time.
private final class BatchMixing: @unchecked Sendable {
    private let lock = NSLock()
    private let function: TracedFunction

    init(_ layer: MixingAugmentation) {
        function = TracedFunction { inputs, context in
            let draw = { layer.trace(Array(inputs.prefix(2)), context) }
            // The batch's index, since threads process batches in any order.
            guard let step = context.step else { return draw() }
            return context.replacing(step, by: inputs[2], draw)
        }
    }

    func mixed(_ batch: Batch, _ generator: inout RandomGenerator) throws -> Batch {
        guard batch.x.count == 1, batch.y.count == 1, batch.y[0].rank == 2,
            batch.y[0].dtype.isFloatingPoint
        else {
            let labels = batch.y.map { "\($0.dtype.rawValue) \($0.shape)" }
            throw DataError.invalidArgument(
                "labels cannot be mixed: they are \(labels.joined(separator: ", "))",
                fix: "give each picture a row of shares of the classes: labelMode: .categorical")
        }
        let number = Int32.random(in: 0 ... .max, using: &generator)
        let results = try lock.withLock {
            try function([batch.x[0], batch.y[0], Tensor([number], shape: [])])
        }
        return Batch(x: [results[0]], y: [results[1]], sampleWeight: batch.sampleWeight)
    }
}
