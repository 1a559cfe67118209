/// A data set: batches, epoch after epoch, for samples that are not in memory.
///
/// A custom data set needs two members:
///
/// ```swift
/// struct Noise: Dataset {
///     struct Batches: BatchIterator {
///         var left = 100
///         mutating func next() throws -> Batch? {
///             left -= 1
///             return left < 0 ? nil : Batch(x: x, y: y)
///         }
///     }
///     var batchCount: Int? { 100 }
///     func batches(inEpoch epoch: Int) -> any BatchIterator { Batches() }
/// }
/// ```
///
/// For samples with random access, use a ``SampleSource``, which can be shuffled and read by
/// several threads.
public protocol Dataset: Sendable {
    /// The number of batches in an epoch; `nil` if it is not known before its end.
    var batchCount: Int? { get }

    /// The class names, by index; empty if there are none.
    ///
    /// A model that is trained on the data takes them (``Model/classNames``).
    var classNames: [String] { get }

    /// The batches of an epoch, from the first one on.
    ///
    /// - Parameter epoch: the index of the epoch, which determines the shuffled order.
    func batches(inEpoch epoch: Int) throws -> any BatchIterator
}

extension Dataset {
    public var classNames: [String] { [] }
}

/// The batches of one epoch, one after the other.
public protocol BatchIterator {
    /// The next batch; `nil` after the last.
    mutating func next() throws -> Batch?
}
