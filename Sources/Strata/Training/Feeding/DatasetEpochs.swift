/// Epochs of a ``Dataset``, whose batches are checked against the model when they are read.
///
/// A class, since an epoch of fixed length continues where the last one ended.
final class DatasetEpochs: EpochSource {
    private var dataset: any Dataset
    private let model: Model
    private let classWeight: [Int: Float]?
    private let steps: Int?
    /// Whether an epoch of `steps` continues where the last one ended.
    private let goesOn: Bool
    private var iterator: (any BatchIterator)?
    /// The next pass over the data, if epochs are not whole passes.
    private var round = 0
    /// The batches that were taken of the current pass.
    private var takenOfRound = 0
    /// The first batch, if it was read before its epoch, and that epoch.
    private var first: Batch?
    private var firstEpoch = 0
    /// The last epoch, if known.
    private let lastEpoch: Int?
    /// The current epoch, the number of its batches so far, and the prefetched epoch.
    private var current = 0
    private var taken = 0
    private var upcoming: (epoch: Int, iterator: any BatchIterator)?
    fileprivate var waiting = Duration.zero
    /// The ranks of which each reads its own samples; `nil` if batches are whole.
    private var ranks: Distribution?

    /// - Parameters:
    ///   - steps: the number of steps in an epoch, unless it is all of the data.
    ///   - goesOn: whether the next epoch continues after these steps instead of at the beginning.
    ///   - lastEpoch: the last epoch; before it, the next epoch's first batches are prefetched.
    init(
        _ dataset: any Dataset, _ model: Model, classWeight: [Int: Float]? = nil,
        steps: Int? = nil, goesOn: Bool = false, lastEpoch: Int? = nil
    ) {
        self.dataset = dataset
        self.model = model
        self.classWeight = classWeight
        self.steps = steps
        self.goesOn = goesOn && steps != nil
        self.lastEpoch = steps == nil ? lastEpoch : nil
    }

    var stepCount: Int? {
        guard let steps, !goesOn, let all = dataset.batchCount else {
            return steps ?? dataset.batchCount
        }
        return min(steps, all)
    }

    func prepare(_ model: Model, epoch: Int) throws {
        if ranks == nil, let distribution = model.ranks,
            let part = (dataset as? any DivisibleDataset)?.divided(for: distribution)
        {
            (dataset, ranks) = (part, distribution)
        }
        if first == nil, iterator == nil || !goesOn {
            iterator = try dataset.batches(inEpoch: goesOn ? round : epoch)
            round += 1
            first = try iterator?.next()
            firstEpoch = epoch
        }
        guard let first else {
            if iterator != nil, round > 1 { return }
            throw ModelError(.noSamples)
        }
        model.prepareTrackers(try checked(first))
    }

    var position: [String: JSONValue] {
        goesOn ? ["pass": .integer(max(round - 1, 0)), "batches": .integer(takenOfRound)] : [:]
    }

    func restore(_ position: [String: JSONValue]) throws {
        guard goesOn, let pass = position["pass"]?.integer else { return }
        takenOfRound = max(position["batches"]?.integer ?? 0, 0)
        iterator = try dataset.batches(inEpoch: pass, after: takenOfRound)
        round = pass + 1
        first = nil
    }

    var seeds: [UInt64] {
        get { (dataset as? any SeededDataset)?.seeds ?? [] }
        set {
            guard var seeded = dataset as? any SeededDataset else { return }
            seeded.seeds = newValue
            dataset = seeded
        }
    }

    var digest: String {
        if let divisible = dataset as? any DivisibleDataset {
            return "\(divisible.digest) \(stepCount ?? 0) \(goesOn)"
        }
        let batches = "\(dataset.classNames) \(stepCount ?? 0)"
        guard let first, let data = try? checked(first) else { return batches }
        return "\(batches) \(data.digest)"
    }

    func epoch(_ number: Int, after done: Int) throws -> any StepIterator {
        waiting = .zero
        (current, taken) = (number, done)
        if !goesOn, first == nil || firstEpoch != number || done > 0 {
            first = nil
            iterator =
                if let upcoming, upcoming.epoch == number {
                    upcoming.iterator
                } else {
                    try dataset.batches(inEpoch: number, after: done)
                }
        }
        upcoming = nil
        return DatasetSteps(epochs: self, left: steps.map { max($0 - done, 0) })
    }

    /// The next batch of the epoch; with `goesOn`, the data is repeated.
    fileprivate func next() throws -> TrainingData? {
        let start = ContinuousClock.now
        var batch = try first ?? iterator?.next()
        first = nil
        if batch == nil, goesOn {
            iterator = try dataset.batches(inEpoch: round)
            (round, takenOfRound) = (round + 1, 0)
            batch = try iterator?.next()
        }
        takenOfRound += 1
        waiting += ContinuousClock.now - start
        taken += 1
        if let lastEpoch, current < lastEpoch, taken == dataset.batchCount,
            (dataset as? any PrefetchingDataset)?.isPrefetching == true
        {
            upcoming = (current + 1, try dataset.batches(inEpoch: current + 1))
        }
        return try batch.map(checked)
    }

    /// The share that the latest batch is, of several ranks.
    fileprivate var share: RankShare? {
        guard let ranks, let divisible = dataset as? any DivisibleDataset else { return nil }
        let number = (goesOn ? takenOfRound : taken) - 1
        return ranks.share(of: divisible.sampleCount(ofBatch: number))
    }

    private func checked(_ batch: Batch) throws -> TrainingData {
        try TrainingData(
            batch.x, batch.y, sampleWeight: batch.sampleWeight, classWeight: classWeight,
            for: model)
    }
}

private struct DatasetSteps: StepIterator {
    let epochs: DatasetEpochs
    var left: Int?

    var waiting: Duration { epochs.waiting }

    mutating func next() throws -> StepData? {
        if left == 0 { return nil }
        left = left.map { $0 - 1 }
        guard let data = try epochs.next() else { return nil }
        return StepData(data: data, rows: Array(0..<data.count)[...], share: epochs.share)
    }
}
