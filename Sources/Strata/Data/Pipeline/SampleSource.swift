/// A source of samples with random access: arrays, images in a folder, rows of a file.
///
/// ```swift
/// let source = try ArraySource(x, y)
/// let data = source.batched(32).shuffled(seed: 1).prefetched()
/// try model.fit(data, epochs: 10)
/// ```
///
/// Several threads may call it at once.
public protocol SampleSource: Sendable {
    /// The number of samples.
    var count: Int { get }

    /// The class names, by index; empty if there are none.
    var classNames: [String] { get }

    /// The samples at some indices, in order.
    ///
    /// - Parameter indices: at least one, each in `0 ..< count`.
    /// - Throws: if there is no such sample, or it cannot be read.
    func batch(of indices: [Int]) throws -> Batch
}

extension SampleSource {
    public var classNames: [String] { [] }

    /// - Throws: ``DataError/invalidArgument(_:fix:)`` for an index that is not in `0 ..< count`.
    func checkIndices(_ indices: [Int]) throws(DataError) {
        guard let index = indices.first(where: { !(0..<count).contains($0) }) else { return }
        throw .invalidArgument(
            "there is no sample \(index) in a source of \(count)",
            fix: count > 0 ? "use indices from 0 to \(count - 1)" : "the source is empty")
    }

    /// Batches of `batchSize` samples, 1 or more; the last one may be smaller.
    ///
    /// - Parameter dropsRemainder: whether a smaller last batch is dropped.
    public func batched(_ batchSize: Int, dropsRemainder: Bool = false) -> BatchedDataset {
        BatchedDataset(source: self, batchSize: batchSize, dropsRemainder: dropsRemainder)
    }
}

/// A source of samples in memory.
///
/// Images may be bytes; the step converts them.
public struct ArraySource: SampleSource {
    private let samples: Batch
    public let classNames: [String]

    /// - Throws: ``DataError/invalidArgument(_:fix:)`` if the tensors have different numbers of
    ///   rows.
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

    /// Images with their classes.
    public init(_ images: LabelledImages) {
        samples = Batch(x: images.x, y: images.y)
        classNames = images.classNames
    }

    public var count: Int { samples.count }

    /// - Throws: ``DataError/invalidArgument(_:fix:)`` for an index that is not in `0 ..< count`.
    public func batch(of indices: [Int]) throws(DataError) -> Batch {
        try checkIndices(indices)
        return samples.replacing(samples.tensors.map { $0[indices] })
    }
}
