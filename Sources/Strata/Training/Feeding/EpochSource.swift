/// Some of the samples of ``TrainingData``, for one step.
struct StepData {
    let data: TrainingData
    let rows: ArraySlice<Int>
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
}

extension EpochSource {
    /// The steps of an epoch.
    mutating func epoch(_ number: Int) throws -> any StepIterator { try epoch(number, after: 0) }
}
