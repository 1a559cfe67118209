/// A callback made of closures.
///
/// Keras 3.15.1 `LambdaCallback`.
public final class LambdaCallback: Callback {
    private let epochBegin: ((Int) throws -> Void)?
    private let epochEnd: ((Int, Logs) throws -> Void)?
    private let trainBegin: (() throws -> Void)?
    private let trainEnd: ((Logs) throws -> Void)?
    private let trainBatchBegin: ((Int) throws -> Void)?
    private let trainBatchEnd: ((Int, Logs) throws -> Void)?

    /// Each closure implements the method of ``Callback`` with its name.
    public init(
        onEpochBegin: ((Int) throws -> Void)? = nil,
        onEpochEnd: ((Int, Logs) throws -> Void)? = nil, onTrainBegin: (() throws -> Void)? = nil,
        onTrainEnd: ((Logs) throws -> Void)? = nil,
        onTrainBatchBegin: ((Int) throws -> Void)? = nil,
        onTrainBatchEnd: ((Int, Logs) throws -> Void)? = nil
    ) {
        epochBegin = onEpochBegin
        epochEnd = onEpochEnd
        trainBegin = onTrainBegin
        trainEnd = onTrainEnd
        trainBatchBegin = onTrainBatchBegin
        trainBatchEnd = onTrainBatchEnd
    }

    public override func onEpochBegin(_ epoch: Int) throws { try epochBegin?(epoch) }
    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws { try epochEnd?(epoch, logs) }
    public override func onTrainBegin() throws { try trainBegin?() }
    public override func onTrainEnd(logs: Logs) throws { try trainEnd?(logs) }
    public override func onTrainBatchBegin(_ batch: Int) throws { try trainBatchBegin?(batch) }
    public override func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {
        try trainBatchEnd?(batch, logs)
    }
}
