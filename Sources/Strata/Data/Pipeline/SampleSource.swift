/// Samples that can be had in any order: arrays, pictures in a folder, rows of a file.
///
/// ```swift
/// let source = try ArraySource(x, y)
/// let data = source.batched(32).shuffled(seed: 1).prefetched()
/// try model.fit(data, epochs: 10)
/// ```
///
/// Several threads may ask at once.
public protocol SampleSource: Sendable {
    /// How many samples there are.
    var count: Int { get }

    /// What the classes are called, by number; empty where there are no classes or they have no names.
    var classNames: [String] { get }

    /// Some of the samples, in the order in which they are asked for.
    ///
    /// - Parameter indices: at least one, each in `0 ..< count`.
    func batch(of indices: [Int]) throws -> Batch
}

extension SampleSource {
    public var classNames: [String] { [] }

    /// The samples in batches of `batchSize`, 1 or more; the last one may be smaller.
    ///
    /// - Parameter dropsRemainder: whether a smaller last batch is left out.
    public func batched(_ batchSize: Int, dropsRemainder: Bool = false) -> BatchedDataset {
        BatchedDataset(source: self, batchSize: batchSize, dropsRemainder: dropsRemainder)
    }
}

/// Samples that lie in memory.
///
/// Pictures may stay bytes; they are converted where the step reads them.
public struct ArraySource: SampleSource {
    private let samples: Batch
    public let classNames: [String]

    /// - Throws: ``DataError/invalidArgument(_:fix:)`` where the tensors are not equally many rows.
    public init(_ samples: Batch) throws(DataError) {
        let rows = samples.tensors.map { $0.shape.first ?? 0 }
        guard samples.x.first != nil, Set(rows).count == 1 else {
            throw .invalidArgument(
                "the tensors have \(rows) rows", fix: "give one row for each sample")
        }
        self.samples = samples
        classNames = []
    }

    /// - Throws: as ``init(_:)`` does.
    public init(_ x: Tensor, _ y: Tensor? = nil) throws(DataError) {
        try self.init(Batch(x: x, y: y))
    }

    /// Pictures with their classes.
    public init(_ images: LabelledImages) {
        samples = Batch(x: images.x, y: images.y)
        classNames = images.classNames
    }

    public var count: Int { samples.count }

    public func batch(of indices: [Int]) -> Batch {
        samples.replacing(samples.tensors.map { $0[indices] })
    }
}
