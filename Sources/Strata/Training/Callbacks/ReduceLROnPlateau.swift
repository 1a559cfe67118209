/// Reduces the learning rate when a quantity has stopped improving.
///
/// The logs of an epoch then include its `learning_rate`. Keras 3.15.1 `ReduceLROnPlateau`.
public final class ReduceLROnPlateau: Callback, LearningRateReporting, EpochCallback {
    public private(set) var monitor: MonitoredQuantity
    /// The factor of the learning rate, 0 ..< 1.
    public let factor: Float
    /// The number of epochs without improvement before it acts.
    public let patience: Int
    /// The minimum change that counts as an improvement.
    public let minDelta: Float
    /// The number of epochs after a reduction that are not counted.
    public let cooldown: Int
    /// The minimum learning rate.
    public let minLR: Float
    private let isVerbose: Bool
    private var best: Float?
    private var wait = 0
    private var cooldownLeft = 0

    /// - Parameters:
    ///   - monitor: the monitored quantity.
    ///   - factor: the factor of the learning rate, 0 ..< 1.
    ///   - patience: the number of epochs without improvement before it acts.
    ///   - isVerbose: whether a new rate is printed.
    ///   - mode: the direction of improvement.
    ///   - minDelta: the minimum change that counts as an improvement.
    ///   - cooldown: the number of epochs after a reduction that are not counted.
    ///   - minLR: the minimum learning rate.
    /// - Throws: a ``ModelError`` if `factor` is not below 1, or another number is negative or not
    ///   finite.
    public init(
        monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10,
        isVerbose: Bool = false, mode: MonitoredQuantity.Mode = .automatic,
        minDelta: Double = 0.0001, cooldown: Int = 0, minLR: Double = 0
    ) throws {
        guard factor < 1, factor >= 0 else {
            throw ModelError(
                .invalidArgument("factor is \(factor)", fix: "use a number from 0 to below 1"))
        }
        try Self.check("patience", patience)
        try Self.check("cooldown", cooldown)
        try Self.check("minDelta", minDelta)
        try Self.check("minLR", minLR)
        self.monitor = MonitoredQuantity(monitor, mode)
        self.factor = Float(factor)
        self.patience = patience
        self.isVerbose = isVerbose
        self.minDelta = Float(minDelta)
        self.cooldown = cooldown
        self.minLR = Float(minLR)
    }

    /// - Throws: a ``ModelError`` if the optimizer has a schedule.
    public override func onTrainBegin() throws {
        try checkLearningRateIsSettable()
        best = nil
        wait = 0
        cooldownLeft = 0
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        guard let current = try monitor.value(in: logs, of: model, for: "ReduceLROnPlateau")
        else { return }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            wait = 0
        }
        if monitor.isBetter(current, than: best, by: minDelta) {
            best = current
            wait = 0
        } else if cooldownLeft == 0 {
            wait += 1
            if wait >= patience { try lower(epoch) }
        }
    }

    public override func savedState() -> CallbackState? {
        var values: [String: JSONValue] = [
            "wait": .integer(wait), "cooldown_left": .integer(cooldownLeft),
        ]
        values["best"] = best.map { .exactly($0) }
        return CallbackState(values)
    }

    public override func restore(_ state: CallbackState) {
        wait = state.values["wait"]?.integer ?? 0
        cooldownLeft = state.values["cooldown_left"]?.integer ?? 0
        best = state.values["best"]?.exactFloat
    }

    private func lower(_ epoch: Int) throws {
        guard let model, let rate = model.learningRate, rate > minLR else { return }
        let new = max(rate * factor, minLR)
        try model.setLearningRate(Double(new))
        if isVerbose { print("Epoch \(epoch + 1): the learning rate is lowered to \(new)") }
        cooldownLeft = cooldown
        wait = 0
    }
}
