/// Sets the learning rate before every epoch.
///
/// The logs of an epoch then include its `learning_rate`. Keras 3.15.1 `LearningRateScheduler`.
public final class LearningRateScheduler: Callback, LearningRateReporting, EpochCallback {
    private let schedule: (_ epoch: Int, _ learningRate: Float) -> Float
    private let isVerbose: Bool

    /// - Parameters:
    ///   - isVerbose: whether the new rate is printed.
    ///   - schedule: a function of the epoch, from 0, and the current rate, which returns the new
    ///     rate.
    public init(
        isVerbose: Bool = false,
        _ schedule: @escaping (_ epoch: Int, _ learningRate: Float) -> Float
    ) {
        self.isVerbose = isVerbose
        self.schedule = schedule
    }

    /// - Throws: a ``ModelError`` if the optimizer has a schedule.
    public override func onTrainBegin() throws {
        try checkLearningRateIsSettable()
    }

    /// - Throws: a ``ModelError`` if the new rate is negative or not finite.
    public override func onEpochBegin(_ epoch: Int) throws {
        guard let model, let rate = model.learningRate else { return }
        let new = schedule(epoch, rate)
        try LearningRate.check(new, "the rate of LearningRateScheduler for epoch \(epoch)")
        try model.setLearningRate(Double(new))
        if isVerbose { print("Epoch \(epoch + 1): the learning rate is \(new)") }
    }
}
