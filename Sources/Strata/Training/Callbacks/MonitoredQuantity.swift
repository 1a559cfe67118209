internal import Foundation

/// A monitored quantity with its direction of improvement.
public struct MonitoredQuantity: Sendable, Hashable {
    /// The direction of improvement.
    public enum Mode: String, Sendable, Hashable {
        /// The direction of ``Model/direction(ofQuantity:)``.
        case automatic = "auto"
        case minimum = "min"
        case maximum = "max"

        /// Keras's name of ``automatic``.
        public static let auto = Mode.automatic
        /// Keras's name of ``minimum``.
        public static let min = Mode.minimum
        /// Keras's name of ``maximum``.
        public static let max = Mode.maximum
    }

    public var name: String
    public var mode: Mode
    /// The direction of improvement, once it is known.
    private var direction: ObjectiveDirection?
    private var hasWarned = false

    init(_ name: String, _ mode: Mode) {
        self.name = name
        self.mode = mode
        direction =
            switch mode {
            case .minimum: .minimum
            case .maximum: .maximum
            case .automatic: nil
            }
    }

    /// The quantity's value; determines the direction if the mode is automatic.
    ///
    /// - Returns: `nil` where the quantity is not among the logs; training goes on, as with Keras,
    ///   and one warning says so.
    /// - Throws: if the direction of improvement is not known.
    mutating func value(in logs: Logs, of model: Model?, for callback: String) throws -> Float? {
        guard let value = logs[name] else {
            // An interrupted epoch was not validated, which does not need a warning.
            if hasWarned || model?.stopRequest.isSet == true { return nil }
            hasWarned = true
            warn(warning(logs, callback))
            return nil
        }
        let count = logs.values(name).count
        guard count == 1 else {
            throw ModelError(
                .invalidArgument(
                    "\(callback) monitors \(name), which has \(count) values",
                    fix:
                        "give the metric an average, such as F1Score(average: .macro), or monitor another "
                        + "quantity"))
        }
        if direction == nil {
            direction = model?.direction(ofQuantity: name)
            guard direction != nil else {
                throw ModelError(
                    .invalidArgument(
                        "\(callback) monitors \(name), but its direction of improvement is not known",
                        fix: "say mode: .maximum or mode: .minimum"))
            }
        }
        return value
    }

    func warning(_ logs: Logs, _ callback: String) -> String {
        let known = logs.keys.joined(separator: ", ")
        let fix =
            name.hasPrefix("val_")
            ? "give fit validationData or validationSplit, or monitor another quantity"
            : "monitor one of those, or add the metric in compile"
        return "\(callback) monitors \(name), but there are only: \(known); \(fix)"
    }

    /// Whether `value` is better than `other` by more than `margin`; any value is better than none.
    func isBetter(_ value: Float, than other: Float?, by margin: Float = 0) -> Bool {
        direction?.isBetter(value, than: other, by: margin) ?? (other == nil)
    }
}
