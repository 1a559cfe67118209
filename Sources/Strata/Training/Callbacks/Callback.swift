/// Something that looks on while a model is trained, and may act on it.
///
/// Subclass and override what is needed; every method does nothing by itself. `model` is set before the
/// first call. An error thrown from a method ends training after the callbacks saw its end, and is
/// thrown by `fit`. Keras 3.15.1 `Callback`.
///
/// ```swift
/// final class Announce: Callback {
///     override func onEpochEnd(_ epoch: Int, logs: Logs) {
///         print("epoch \(epoch + 1): \(logs["loss"] ?? .nan)")
///     }
/// }
/// ```
open class Callback {
    /// The model that is being trained.
    public internal(set) weak var model: Model?
    /// How many epochs and steps an epoch there will be, where that is known.
    public internal(set) var parameters = Parameters(epochs: 1, steps: 1)

    /// What is known before training.
    public struct Parameters: Sendable, Hashable {
        public var epochs: Int
        /// Batches in an epoch.
        public var steps: Int
    }

    public init() {}

    /// Before the first epoch.
    open func onTrainBegin() throws {}
    /// After the last epoch, however training ended.
    open func onTrainEnd(logs: Logs) throws {}
    /// Before an epoch, counted from 0.
    open func onEpochBegin(_ epoch: Int) throws {}
    /// After an epoch and its validation.
    open func onEpochEnd(_ epoch: Int, logs: Logs) throws {}
    /// Before a batch of training, counted from 0 in each epoch.
    open func onTrainBatchBegin(_ batch: Int) throws {}
    /// After a batch of training; the logs are means since the epoch began.
    open func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {}
    /// Before `evaluate`, or validation within `fit`.
    open func onTestBegin() throws {}
    /// After `evaluate`, or validation within `fit`.
    open func onTestEnd(logs: Logs) throws {}
    /// Before a batch of evaluation.
    open func onTestBatchBegin(_ batch: Int) throws {}
    /// After a batch of evaluation.
    open func onTestBatchEnd(_ batch: Int, logs: Logs) throws {}
    /// Before `predict`.
    open func onPredictBegin() throws {}
    /// After `predict`.
    open func onPredictEnd() throws {}
    /// Before a batch of prediction.
    open func onPredictBatchBegin(_ batch: Int) throws {}
    /// After a batch of prediction.
    open func onPredictBatchEnd(_ batch: Int) throws {}
}

extension Callback {
    /// - Throws: a ``ModelError`` where a whole number is below `least`.
    static func check(_ name: String, _ value: Int, least: Int = 0) throws {
        if value >= least { return }
        throw ModelError(
            .invalidArgument("\(name) of \(Self.self) is \(value)", fix: "use \(least) or more"))
    }

    /// - Throws: a ``ModelError`` where a number is negative or not finite.
    static func check(_ name: String, _ value: Double) throws {
        if value >= 0, value.isFinite { return }
        throw ModelError(
            .invalidArgument(
                "\(name) of \(Self.self) is \(value)", fix: "use a finite value of 0 or more"))
    }

    /// - Throws: a ``ModelError`` where a value to be compared with is NaN, which nothing is better than.
    static func check(_ name: String, comparable value: Float?) throws {
        guard let value, value.isNaN else { return }
        throw ModelError(
            .invalidArgument(
                "\(name) of \(Self.self) is \(value)", fix: "leave it out, or use a number"))
    }
}
