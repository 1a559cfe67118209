/// Stops training when a quantity has stopped improving.
///
/// The best weights are restored however training ends, also if it was interrupted or ran through
/// all epochs. Keras 3.15.1 `EarlyStopping`.
public final class EarlyStopping: Callback, EpochCallback {
    public private(set) var monitor: MonitoredQuantity
    /// The minimum change that counts as an improvement.
    public let minDelta: Float
    /// The number of epochs without improvement before it acts.
    public let patience: Int
    /// The baseline that the quantity must improve on.
    public let baseline: Float?
    public let restoreBestWeights: Bool
    /// The first epoch that is monitored.
    public let startFromEpoch: Int

    /// The epoch in which training was stopped, from 0; `nil` if it was not.
    public private(set) var stoppedEpoch: Int?
    /// The epoch of the best value, from 0.
    public private(set) var bestEpoch = 0
    private var best: Float?
    private let isVerbose: Bool
    private var wait = 0
    private var bestWeights: [Tensor]?

    /// - Parameters:
    ///   - monitor: the monitored quantity.
    ///   - minDelta: the minimum change that counts as an improvement, 0 or more.
    ///   - patience: the number of epochs without improvement before it acts.
    ///   - isVerbose: whether stopping and restoring are printed.
    ///   - mode: the direction of improvement.
    ///   - baseline: the value that the quantity must improve on.
    ///   - restoreBestWeights: whether the weights of the best epoch are restored at the end.
    ///   - startFromEpoch: the first epoch that is monitored.
    public init(
        monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0,
        isVerbose: Bool = false, mode: MonitoredQuantity.Mode = .automatic,
        baseline: Double? = nil, restoreBestWeights: Bool = false, startFromEpoch: Int = 0
    ) {
        self.monitor = MonitoredQuantity(monitor, mode)
        self.minDelta = Float(abs(minDelta))
        self.patience = patience
        self.isVerbose = isVerbose
        self.baseline = baseline.map { Float($0) }
        self.restoreBestWeights = restoreBestWeights
        self.startFromEpoch = startFromEpoch
    }

    /// - Throws: a ``ModelError`` if a number is negative or not finite.
    public override func onTrainBegin() throws {
        try Self.check("patience", patience)
        try Self.check("minDelta", minDelta.asWritten)
        try Self.check("startFromEpoch", startFromEpoch)
        try Self.check("baseline", comparable: baseline)
        wait = 0
        stoppedEpoch = nil
        best = nil
        bestWeights = nil
        bestEpoch = 0
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        guard epoch >= startFromEpoch,
            let current = try monitor.value(in: logs, of: model, for: "EarlyStopping")
        else { return }
        if restoreBestWeights, bestWeights == nil { try remember(epoch) }
        wait += 1
        if monitor.isBetter(current, than: best, by: minDelta) {
            best = current
            bestEpoch = epoch
            if restoreBestWeights { try remember(epoch) }
            if baseline.map({ monitor.isBetter(current, than: $0, by: minDelta) }) ?? true {
                wait = 0
            }
            return
        }
        if wait >= patience, epoch > 0 {
            stoppedEpoch = epoch
            model?.stopRequest.set(isInterruption: false)
        }
    }

    public override func savedState() -> CallbackState? {
        var values: [String: JSONValue] = [
            "wait": .integer(wait), "best_epoch": .integer(bestEpoch),
        ]
        values["best"] = best.map { .exactly($0) }
        values["stopped_epoch"] = stoppedEpoch.map { .integer($0) }
        return CallbackState(values, tensors: bestWeights ?? [])
    }

    public override func restore(_ state: CallbackState) {
        wait = state.values["wait"]?.integer ?? 0
        bestEpoch = state.values["best_epoch"]?.integer ?? 0
        best = state.values["best"]?.exactFloat
        stoppedEpoch = state.values["stopped_epoch"]?.integer
        bestWeights = state.tensors.isEmpty ? nil : state.tensors
    }

    private func remember(_ epoch: Int) throws {
        bestWeights = try model?.getWeights()
        bestEpoch = epoch
    }

    public override func onTrainEnd(logs: Logs) throws {
        if isVerbose, let stoppedEpoch { print("Epoch \(stoppedEpoch + 1): early stopping") }
        guard restoreBestWeights, let bestWeights else { return }
        if isVerbose { print("The weights of epoch \(bestEpoch + 1), the best, are restored") }
        try model?.setWeights(bestWeights)
    }
}
