/// Batches, epoch after epoch: what `fit` takes where the samples do not lie in memory.
///
/// A sequence of your own becomes one with two members:
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
/// Samples that can be had in any order are better given as a ``SampleSource``, which is shuffled and
/// read by several threads.
public protocol Dataset: Sendable {
    /// How many batches an epoch has; `nil` where that is not known before its end.
    var batchCount: Int? { get }

    /// What the classes are called, by number; empty where there are no classes or they have no names.
    ///
    /// A model that is trained on the data takes them over (``Model/classNames``).
    var classNames: [String] { get }

    /// The batches of an epoch, from the first one on.
    ///
    /// - Parameter epoch: counted from 0; what is shuffled has another order in each.
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
