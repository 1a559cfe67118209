public import StrataGraph

/// A callback: called at the start and end of training, epochs and batches.
///
/// Subclass it and override the methods that are needed; by default they do nothing. `model` is set
/// before the first call. An error thrown from a method ends training after the callbacks saw its
/// end, and is thrown by `fit`. Keras 3.15.1 `Callback`.
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
    /// The number of epochs and of steps in an epoch, if known.
    public internal(set) var parameters = Parameters(epochs: 1, steps: 1)

    /// The facts known before training.
    public struct Parameters: Sendable, Hashable {
        public var epochs: Int
        /// Batches in an epoch.
        public var steps: Int
    }

    public init() {}

    /// Called before the first epoch.
    open func onTrainBegin() throws {}
    /// Called after the last epoch, however training ended.
    open func onTrainEnd(logs: Logs) throws {}
    /// Called before an epoch, counted from 0.
    open func onEpochBegin(_ epoch: Int) throws {}
    /// Called after an epoch and its validation.
    open func onEpochEnd(_ epoch: Int, logs: Logs) throws {}
    /// Called before a training batch, counted from 0 in each epoch.
    open func onTrainBatchBegin(_ batch: Int) throws {}
    /// Called after a training batch; the logs are means since the start of the epoch.
    open func onTrainBatchEnd(_ batch: Int, logs: Logs) throws {}
    /// Called before `evaluate`, or validation within `fit`.
    open func onTestBegin() throws {}
    /// Called after `evaluate`, or validation within `fit`.
    open func onTestEnd(logs: Logs) throws {}
    /// Called before an evaluation batch.
    open func onTestBatchBegin(_ batch: Int) throws {}
    /// Called after an evaluation batch.
    open func onTestBatchEnd(_ batch: Int, logs: Logs) throws {}
    /// Called before `predict`.
    open func onPredictBegin() throws {}
    /// Called after `predict`.
    open func onPredictEnd() throws {}
    /// Called before a prediction batch.
    open func onPredictBatchBegin(_ batch: Int) throws {}
    /// Called after a prediction batch.
    open func onPredictBatchEnd(_ batch: Int) throws {}

    /// What this callback has to remember for interrupted training to go on exactly; `nil` if there
    /// is nothing.
    ///
    /// ``BackupAndRestore`` calls it after all callbacks saw the end of the batch or epoch.
    open func savedState() throws -> CallbackState? { nil }
    /// Goes on with a state of ``savedState()``.
    ///
    /// Called by `fit` after ``onTrainBegin()`` of all callbacks, and where training goes on within
    /// an epoch, again after that epoch's ``onEpochBegin(_:)``.
    open func restore(_ state: CallbackState) throws {}
}

/// What a callback has to remember for interrupted training to go on exactly.
///
/// ```swift
/// final class Patience: Callback {
///     private var wait = 0
///     override func savedState() -> CallbackState? { CallbackState(["wait": .integer(wait)]) }
///     override func restore(_ state: CallbackState) { wait = state.values["wait"]?.integer ?? 0 }
/// }
/// ```
public struct CallbackState: Sendable, Hashable {
    /// Values by name; `.number(Double(x))` keeps the bits of a `Float`.
    public var values: [String: JSONValue]
    /// Tensors, such as weights.
    public var tensors: [Tensor]

    public init(_ values: [String: JSONValue], tensors: [Tensor] = []) {
        self.values = values
        self.tensors = tensors
    }
}

extension Callback {
    /// - Throws: a ``ModelError`` if an integer is below `least`.
    static func check(_ name: String, _ value: Int, least: Int = 0) throws {
        if value >= least { return }
        throw ModelError(
            .invalidArgument("\(name) of \(Self.self) is \(value)", fix: "use \(least) or more"))
    }

    /// - Throws: a ``ModelError`` if a number is negative or not finite.
    static func check(_ name: String, _ value: Double) throws {
        if value >= 0, value.isFinite { return }
        throw ModelError(
            .invalidArgument(
                "\(name) of \(Self.self) is \(value)", fix: "use a finite value of 0 or more"))
    }

    /// - Throws: a ``ModelError`` if a baseline is NaN, which nothing is better than.
    static func check(_ name: String, comparable value: Float?) throws {
        guard let value, value.isNaN else { return }
        throw ModelError(
            .invalidArgument(
                "\(name) of \(Self.self) is \(value)", fix: "leave it out, or use a number"))
    }
}
