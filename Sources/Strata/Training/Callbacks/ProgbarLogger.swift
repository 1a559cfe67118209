/// Shows the progress on standard output, instead of the display of `fit`, `evaluate` and
/// `predict`.
///
/// Its position in the list of callbacks determines when it is drawn; `verbose` determines how.
/// Keras 3.15.1 `ProgbarLogger`.
public final class ProgbarLogger: Callback, EpochCallback {
    var verbosity = Verbosity.automatic
    private var display: ProgressDisplay?
    private var isTraining = false

    public override func onTrainBegin() { isTraining = true }
    public override func onTrainEnd(logs: Logs) { isTraining = false }

    public override func onEpochBegin(_ epoch: Int) {
        begin("Epoch \(epoch + 1)/\(parameters.epochs)")
    }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) {
        display?.update(batch + 1) { logs }
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) { end(logs) }

    // Validation within an epoch is not displayed.
    public override func onTestBegin() {
        if !isTraining { begin(nil) }
    }

    public override func onTestBatchEnd(_ batch: Int, logs: Logs) {
        if !isTraining { display?.update(batch + 1) { logs } }
    }

    public override func onTestEnd(logs: Logs) {
        if !isTraining { end(logs) }
    }

    public override func onPredictBegin() { begin(nil) }

    public override func onPredictBatchEnd(_ batch: Int) { display?.update(batch + 1) { [:] } }

    public override func onPredictEnd() { end([:]) }

    private func begin(_ title: String?) {
        display = ProgressDisplay(verbosity, title: title, steps: parameters.steps)
    }

    private func end(_ logs: Logs) {
        display?.finish(logs)
        display = nil
    }
}
