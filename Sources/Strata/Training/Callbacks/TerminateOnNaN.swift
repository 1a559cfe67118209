/// Stops training when the loss is NaN or infinite.
///
/// Keras 3.15.1 `TerminateOnNaN`.
public final class TerminateOnNaN: Callback {
    private let raisesError: Bool

    /// - Parameter raisesError: whether `fit` then throws an error instead of returning.
    public init(raisesError: Bool = false) {
        self.raisesError = raisesError
    }

    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        guard let loss = logs["loss"], !loss.isFinite else { return }
        if raisesError {
            throw ModelError(
                .invalidArgument(
                    "the loss is \(loss) in batch \(batch)",
                    fix: "lower the learning rate, clip gradients, or look for faults in the data"))
        }
        print("Batch \(batch): the loss is \(loss), training ends")
        model?.stopRequest.set(isInterruption: false)
    }
}
