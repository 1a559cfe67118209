/// The record of `fit`: the logs of every epoch.
///
/// Keras 3.15.1 `History`.
public struct History: Sendable {
    /// The indices of the epochs, from 0.
    public internal(set) var epoch: [Int] = []
    /// The logs of each of those epochs.
    public internal(set) var logs: [Logs] = []
    /// The direction of improvement of each quantity, as far as the model's metrics define it.
    private var directions: [String: ObjectiveDirection] = [:]

    package init() {}

    /// The values of each quantity (`loss`, `val_accuracy`) after every epoch that has one; the
    /// mean of several values, which ``Logs/values(_:)`` of ``logs`` has in full.
    public var history: [String: [Float]] {
        var result: [String: [Float]] = [:]
        for line in logs {
            for (name, value) in line { result[name, default: []].append(value) }
        }
        return result
    }

    /// The values of one quantity; empty if it was not recorded.
    public subscript(name: String) -> [Float] { logs.compactMap { $0[name] } }

    /// The best value of a quantity and its epoch, from 0; the first of equal ones.
    ///
    /// ```swift
    /// let history = try model.fit(x, y, epochs: 9, validationSplit: 0.1)
    /// if let best = history.best("val_accuracy") {
    ///     print("\(best.value) in epoch \(best.epoch + 1)")
    /// }
    /// ```
    ///
    /// The direction of improvement is that of the metric, or follows from the name
    /// (``ObjectiveDirection``).
    ///
    /// - Returns: `nil` if the quantity was not recorded or never finite, or its direction is not
    ///   known.
    public func best(_ name: String) -> (epoch: Int, value: Float)? {
        (directions[name] ?? ObjectiveDirection(ofQuantity: name))?.best(of: values(of: name))
    }

    /// The values of a quantity, with the epochs that have one.
    package func values(of name: String) -> [(epoch: Int, value: Float)] {
        zip(epoch, logs).compactMap { epoch, logs in logs[name].map { (epoch, $0) } }
    }

    /// - Parameter model: the trained model, whose metrics define directions.
    package mutating func append(_ epoch: Int, _ logs: Logs, of model: Model? = nil) {
        self.epoch.append(epoch)
        self.logs.append(logs)
        for name in logs.keys where directions[name] == nil {
            directions[name] = model?.direction(ofQuantity: name)
        }
    }
}

extension History: CustomStringConvertible {
    /// A line for each epoch: `epoch 1: ["accuracy": 0.5, "loss": 0.25]`.
    public var description: String {
        zip(epoch, logs).map { "epoch \($0 + 1): \($1)" }.joined(separator: "\n")
    }
}
