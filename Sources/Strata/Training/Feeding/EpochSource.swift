/// Some of the samples of ``TrainingData``, for one step.
struct StepData {
    let data: TrainingData
    let rows: ArraySlice<Int>
}

/// The steps of one epoch, one after the other.
protocol StepIterator {
    mutating func next() throws -> StepData?
    /// How long the steps had to wait for data.
    var waiting: Duration { get }
}

/// Where the steps of every epoch come from.
protocol EpochSource {
    /// How many steps an epoch has; `nil` where that is not known before its end.
    var stepCount: Int? { get }
    /// Makes the model's metrics for the shapes of the data, before the epoch of that number.
    mutating func prepare(_ model: Model, epoch: Int) throws
    /// The steps of an epoch; epochs come one after the other.
    mutating func epoch(_ number: Int) throws -> any StepIterator
}
