/// Ends training when the loss is no number or infinite.
///
/// Keras 3.15.1 `TerminateOnNaN`.
public final class TerminateOnNaN: Callback {
    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        if let loss = logs["loss"], !loss.isFinite { model?.stopRequest.set() }
    }
}
