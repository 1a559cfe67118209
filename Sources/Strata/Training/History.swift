/// What `fit` recorded: the logs of every epoch.
///
/// Keras 3.15.1 `History`.
public struct History: Sendable {
    /// The numbers of the epochs, from 0.
    public internal(set) var epoch: [Int] = []
    /// For each quantity (`loss`, `val_accuracy`) its value after every epoch.
    public internal(set) var history: [String: [Float]] = [:]

    /// The values of one quantity; empty where it was not recorded.
    public subscript(name: String) -> [Float] { history[name] ?? [] }

    mutating func append(_ epoch: Int, _ logs: Logs) {
        self.epoch.append(epoch)
        for (name, value) in logs { history[name, default: []].append(value) }
    }
}

/// Quantities by name at one moment of training: `loss`, `accuracy`, `val_loss`.
public typealias Logs = [String: Float]
