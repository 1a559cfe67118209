/// Epochs of samples in memory.
struct ArrayEpochs: EpochSource {
    private let data: TrainingData
    /// No batch contains a sample twice.
    private let batchSize: Int
    private let steps: Int?
    /// The order of training; evaluation runs from the first sample to the last.
    private let order: SampleOrder?

    /// For training.
    ///
    /// - Parameter steps: the number of steps in an epoch, unless it is all of the data.
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

    mutating func epoch(_ number: Int, after done: Int) -> any StepIterator {
        if let order, let steps {
            return EndlessSteps(data: data, batchSize: batchSize, order: order, left: steps - done)
        }
        // The rest of a pass that was begun, or a new one.
        let samples = done > 0 ? order?.pass : order?.nextPass()
        return ArraySteps(
            data: data, batchSize: batchSize,
            rest: (samples ?? Array(0..<data.count)).dropFirst(done * batchSize),
            left: steps.map { $0 - done } ?? .max)
    }

    var position: [String: JSONValue] { order?.position ?? [:] }

    func restore(_ position: [String: JSONValue]) { order?.restore(position) }

    var seeds: [UInt64] {
        get { [] }
        set {}
    }

    var digest: String { "\(data.digest) \(batchSize) \(stepCount ?? 0)" }

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

    /// A number of steps, each of which continues where the last one ended.
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
