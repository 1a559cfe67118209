/// Evaluates a model with the moving averages of its weights from its optimizer.
///
/// Weights and averages are swapped before an evaluation and after it. The optimizer must have been
/// made with `useEMA`. Keras 3.15.1 `SwapEMAWeights`.
///
/// ```swift
/// try model.fit(
///     x, y, epochs: 9,
///     callbacks: [SwapEMAWeights(swapOnEpoch: true), ModelCheckpoint("averaged.keras")])
/// ```
public final class SwapEMAWeights: Callback, EpochCallback {
    private let swapOnEpoch: Bool
    private var isSwapped = false

    /// - Parameter swapOnEpoch: whether the averages are in the model at the end of every epoch
    ///   too, so that callbacks after this one save them.
    public init(swapOnEpoch: Bool = false) {
        self.swapOnEpoch = swapOnEpoch
    }

    public override func onEpochBegin(_ epoch: Int) throws {
        if swapOnEpoch { try swap(to: false) }
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        guard swapOnEpoch else { return }
        try swap(to: true)
        // The averages stay in the model; the end of training must not restore old weights.
        let isLast = epoch == parameters.epochs - 1 || model?.stopRequest.isSet == true
        if isLast, let state = try state() {
            for (weight, average) in zip(state.weights, state.averages) {
                try average.assign(weight.value)
            }
        }
    }

    public override func onTestBegin() throws { try swap(to: true) }
    public override func onTestEnd(logs: Logs) throws { try swap(to: false) }
    public override func onPredictBegin() throws { try swap(to: true) }
    public override func onPredictEnd() throws { try swap(to: false) }

    public override func savedState() -> CallbackState? {
        CallbackState(["is_swapped": .bool(isSwapped)])
    }

    public override func restore(_ state: CallbackState) {
        isSwapped = state.values["is_swapped"] == true
    }

    private func swap(to isSwapped: Bool) throws {
        guard self.isSwapped != isSwapped, let state = try state() else { return }
        self.isSwapped = isSwapped
        for (weight, average) in zip(state.weights, state.averages) {
            let value = try weight.value
            try weight.assign(average.value)
            try average.assign(value)
        }
    }

    /// - Throws: if the optimizer has no averages.
    private func state() throws -> OptimizerState? {
        guard let model else { return nil }
        try model.prepareTraining()
        guard let state = model.compilation?.optimizerState,
            model.compilation?.optimizer.inner.options.useEMA == true
        else {
            throw ModelError(
                .invalidArgument(
                    "SwapEMAWeights needs an optimizer that averages weights",
                    fix: "compile the model with an optimizer whose options have useEMA: true"))
        }
        return state
    }
}
