/// A step of a model on fixed samples, for repeated runs.
///
/// For measuring: `fit` also gathers samples and calls callbacks. No other thread may use the model
/// at the same time, which is not checked here.
public final class PreparedStep {
    private let model: Model
    private let runner: StepRunner
    private let inputIndex: Int?
    private let targetIndex: Int?
    private let x: Tensor
    private let y: Tensor
    private let isTraining: Bool
    /// The rank's share of the samples, where several train.
    private let share: RankShare?

    fileprivate init(
        _ model: Model, _ runner: StepRunner, x: Tensor, y: Tensor, isTraining: Bool,
        share: RankShare? = nil
    ) {
        self.share = share
        self.model = model
        self.runner = runner
        self.x = x
        self.y = y
        self.isTraining = isTraining
        inputIndex = runner.inputIndex(StepGraph.inputName(0))
        targetIndex = runner.inputIndex(StepGraph.targetName(0))
    }

    /// Runs the step once, from data in memory to new weights or to predictions in memory.
    public func run() throws {
        if let inputIndex { runner.feed(inputIndex, x) }
        if isTraining {
            if let targetIndex { runner.feed(targetIndex, y) }
            try model.prepareStep()
        }
        share?.feed(runner, isInterrupted: false)
        do {
            try runner.run()
        } catch {
            throw model.ranks?.group.failure ?? error
        }
    }

    /// Measures the time of each part of the step.
    ///
    /// A training step updates the weights here, too.
    ///
    /// - Parameter seconds: the approximate duration, from 0 to a day; at least three steps are
    ///   measured.
    /// - Throws: a ``ModelError`` for another duration.
    public func profile(seconds: Double = 1) throws -> StepProfile {
        guard seconds >= 0, seconds <= 86_400 else {
            throw ModelError(
                .invalidArgument("seconds is \(seconds)", fix: "use a time from 0 to a day, 86400"))
        }
        try run()
        return try model.during(.computing) {
            try runner.profile(seconds: seconds)
        }
    }
}

extension Model {
    /// Measures the time of each part of a step on all of the samples.
    ///
    /// - Parameters:
    ///   - x: the samples of a step, `[count, …]`.
    ///   - y: the targets for a training step, which changes the weights; a prediction is measured
    ///     if left out.
    ///   - seconds: the approximate duration; at least three steps are measured.
    /// - Returns: times, shapes, layouts and implementations, which print as a table.
    /// - Throws: a ``ModelError`` if the data does not fit, or for training if the model is not
    ///   compiled.
    public func profile(_ x: Tensor, _ y: Tensor? = nil, seconds: Double = 1) throws -> StepProfile
    {
        try preparedStep(isTraining: y != nil, x: x, y: y ?? x).profile(seconds: seconds)
    }

    /// A step on all of the samples.
    ///
    /// - Parameters:
    ///   - isTraining: whether weights are updated.
    ///   - x: samples `[count, …]`.
    ///   - y: the targets; not used for prediction.
    /// - Throws: a ``ModelError`` if the data does not fit.
    public func preparedStep(isTraining: Bool, x: Tensor, y: Tensor) throws -> PreparedStep {
        guard isTraining else {
            try check(inputs: [x])
            let runner = try during(.computing) {
                try self.runner(.predict, inputs: [x.type(rows: x.shape[0])])
            }
            return PreparedStep(self, runner, x: x, y: y, isTraining: false)
        }
        let data = try TrainingData([x], [y], for: self)
        let share = ranks?.share(of: data.count)
        let (x, y) = share.map { (x[$0.rows], y[$0.rows]) } ?? (x, y)
        let runner = try during(.computing) {
            try prepareTraining()
            prepareTrackers(data)
            try together { try agreeOnce(on: data) }
            return try self.runner(
                .train, inputs: [x.type(rows: x.shape[0])],
                targets: [y.type(rows: y.shape[0])], weights: [nil])
        }
        return PreparedStep(self, runner, x: x, y: y, isTraining: true, share: share)
    }
}
