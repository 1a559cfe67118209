/// Some of the samples of ``TrainingData``, for one step.
struct StepData {
    let data: TrainingData
    var rows: ArraySlice<Int>
    /// The share of the batch that these samples are, of several ranks; `nil` for the whole batch.
    var share: RankShare?

    /// The samples of a rank; all of them without ranks.
    func divided(for distribution: Distribution?) -> StepData {
        guard let distribution, share == nil else { return self }
        var result = self
        let share = distribution.share(of: rows.count)
        result.share = share
        result.rows = rows.dropFirst(share.rows.lowerBound).prefix(share.rows.count)
        return result
    }
}

/// The steps of one epoch, one after the other.
protocol StepIterator {
    mutating func next() throws -> StepData?
    /// The time that the steps waited for data.
    var waiting: Duration { get }
}

/// A source of steps for every epoch.
protocol EpochSource {
    /// The number of steps in an epoch; `nil` if it is not known before its end.
    var stepCount: Int? { get }
    /// Creates the model's metrics for the shapes of the data, before an epoch.
    mutating func prepare(_ model: Model, epoch: Int) throws
    /// The steps of an epoch; epochs follow each other.
    ///
    /// - Parameter done: the number of its first steps that are left out, since they were done
    ///   before training was interrupted.
    mutating func epoch(_ number: Int, after done: Int) throws -> any StepIterator
    /// The place in the data after the steps so far, beside the number of the epoch and of its steps.
    var position: [String: JSONValue] { get }
    /// Goes on at a ``position``.
    mutating func restore(_ position: [String: JSONValue]) throws
    /// The random seeds of the data, beside those of ``setRandomSeed(_:)``.
    var seeds: [UInt64] { get set }
    /// A text that is the same for the same data, once they are prepared.
    var digest: String { get }
}

extension EpochSource {
    /// The steps of an epoch.
    mutating func epoch(_ number: Int) throws -> any StepIterator { try epoch(number, after: 0) }
}
