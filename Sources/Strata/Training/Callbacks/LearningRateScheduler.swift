/// Sets the learning rate before every epoch.
///
/// The logs of an epoch hold its `learning_rate` then. Keras 3.15.1 `LearningRateScheduler`.
public final class LearningRateScheduler: Callback, LearningRateReporting {
    private let schedule: (_ epoch: Int, _ learningRate: Float) -> Float
    private let isVerbose: Bool

    /// - Parameters:
    ///   - isVerbose: whether the new rate is printed.
    ///   - schedule: gets the epoch, from 0, and the rate so far, and returns the new rate.
    public init(
        isVerbose: Bool = false,
        _ schedule: @escaping (_ epoch: Int, _ learningRate: Float) -> Float
    ) {
        self.isVerbose = isVerbose
        self.schedule = schedule
    }

    /// - Throws: a ``ModelError`` where the optimizer follows a schedule.
    public override func onTrainBegin() throws {
        try checkLearningRateIsSettable()
    }

    /// - Throws: a ``ModelError`` where the new rate is negative or not finite.
    public override func onEpochBegin(_ epoch: Int) throws {
        guard let model, let rate = model.learningRate else { return }
        let new = schedule(epoch, rate)
        try LearningRate.check(new, "the rate of LearningRateScheduler for epoch \(epoch)")
        try model.setLearningRate(Double(new))
        if isVerbose { print("Epoch \(epoch + 1): the learning rate is \(new)") }
    }
}
