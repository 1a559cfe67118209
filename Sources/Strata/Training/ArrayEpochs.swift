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

/// Samples in memory, in batches.
struct ArrayEpochs: EpochSource {
    private let data: TrainingData
    /// No batch has a sample twice.
    private let batchSize: Int
    private let steps: Int?
    /// The order of training; evaluation begins with the first sample and ends with the last.
    private let order: SampleOrder?

    /// For training.
    ///
    /// - Parameter steps: how many steps an epoch has, where it is not all of the data.
    init(_ data: TrainingData, batchSize: Int, isShuffled: Bool, steps: Int?) {
        self.data = data
        self.batchSize = min(batchSize, data.count)
        self.steps = steps
        order = SampleOrder(count: data.count, isShuffled: isShuffled)
    }

    /// For evaluation.
    init(inOrder data: TrainingData, batchSize: Int, steps: Int?) {
        self.data = data
        self.batchSize = min(batchSize, data.count)
        self.steps = steps
        order = nil
    }

    var stepCount: Int? {
        let all = batchCount(of: data.count, batchSize: batchSize)
        return steps.map { order == nil ? min($0, all) : $0 } ?? all
    }

    func prepare(_ model: Model, epoch: Int) { model.prepareTrackers(data) }

    mutating func epoch(_ number: Int) -> any StepIterator {
        guard let order, let steps else {
            return ArraySteps(
                data: data, batchSize: batchSize,
                rest: (order?.round() ?? Array(0..<data.count))[...],
                left: steps ?? .max)
        }
        return EndlessSteps(data: data, batchSize: batchSize, order: order, left: steps)
    }

    private struct ArraySteps: StepIterator {
        let data: TrainingData
        let batchSize: Int
        var rest: ArraySlice<Int>
        var left: Int
        let waiting = Duration.zero

        mutating func next() -> StepData? {
            guard !rest.isEmpty, left > 0 else { return nil }
            left -= 1
            let rows = rest.prefix(batchSize)
            rest = rest.dropFirst(batchSize)
            return StepData(data: data, rows: rows)
        }
    }

    /// So many steps, each of which goes on where the last one ended.
    private struct EndlessSteps: StepIterator {
        let data: TrainingData
        let batchSize: Int
        let order: SampleOrder
        var left: Int
        let waiting = Duration.zero

        mutating func next() -> StepData? {
            guard left > 0 else { return nil }
            left -= 1
            return StepData(data: data, rows: order.next(batchSize)[...])
        }
    }
}

/// How many batches some samples are, the last of which may be smaller.
///
/// - Parameter batchSize: 1 or more.
func batchCount(of count: Int, batchSize: Int) -> Int {
    count / batchSize + (count.isMultiple(of: batchSize) ? 0 : 1)
}

/// In which order samples come, epoch after epoch.
final class SampleOrder {
    private let count: Int
    private let isShuffled: Bool
    /// Samples of the current round that are still to come, where an epoch is not a round.
    private var rest: ArraySlice<Int> = []

    init(count: Int, isShuffled: Bool) {
        self.count = count
        self.isShuffled = isShuffled
    }

    /// All samples.
    func round() -> [Int] {
        guard isShuffled else { return Array(0..<count) }
        var generator = RandomGenerator(seed: RandomGenerator.nextSeed())
        return (0..<count).shuffled(using: &generator)
    }

    /// The next samples, which go on where the last ones ended.
    func next(_ length: Int) -> [Int] {
        var order: [Int] = []
        while order.count < length {
            if rest.isEmpty { rest = round()[...] }
            let part = rest.prefix(length - order.count)
            order += part
            rest = rest.dropFirst(part.count)
        }
        return order
    }
}
