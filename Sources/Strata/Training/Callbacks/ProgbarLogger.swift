/// Shows the progress on standard output, in the place of the display that `fit`, `evaluate` and
/// `predict` have of their own.
///
/// Put it into the list of callbacks to choose when in their order it is drawn; `verbose` decides how.
/// Keras 3.15.1 `ProgbarLogger`.
public final class ProgbarLogger: Callback {
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

    // The validation within an epoch has no display.
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
