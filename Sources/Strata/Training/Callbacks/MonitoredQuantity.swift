/// A quantity that callbacks watch, and in which direction it is better.
public struct MonitoredQuantity: Sendable, Hashable {
    /// Which direction is better.
    public enum Mode: String, Sendable, Hashable {
        /// Larger is better for quantities whose names say so (`accuracy`, `auc`), smaller for others.
        case automatic = "auto"
        case minimum = "min"
        case maximum = "max"
    }

    public var name: String
    public var mode: Mode

    init(_ name: String, _ mode: Mode) {
        self.name = name
        self.mode = mode
    }

    /// Whether larger values are better.
    private var prefersLarger: Bool {
        switch mode {
        case .minimum: false
        case .maximum: true
        case .automatic:
            // The names of Keras 3.15.1's metrics that are to grow.
            ["acc", "auc", "precision", "recall", "f1", "fbeta", "iou", "r2", "true_", "hinge_acc"]
                .contains { name.contains($0) }
        }
    }

    /// The worst value there is.
    var worst: Float { prefersLarger ? -.infinity : .infinity }

    /// Whether `value` is better than `other` by more than `margin`.
    func isBetter(_ value: Float, than other: Float, by margin: Float = 0) -> Bool {
        prefersLarger ? value - margin > other : value + margin < other
    }

    /// The quantity's value.
    ///
    /// - Throws: where it is not among the logs, with those that are.
    func value(in logs: Logs, for callback: String) throws -> Float {
        if let value = logs[name] { return value }
        let known = logs.keys.sorted().joined(separator: ", ")
        throw ModelError(
            .invalidArgument(
                "\(callback) watches \(name), but there are only: \(known)",
                fix: name.hasPrefix("val_")
                    ? "give fit validationData or validationSplit, or watch another quantity"
                    : "watch one of those, or add the metric in compile"))
    }
}
