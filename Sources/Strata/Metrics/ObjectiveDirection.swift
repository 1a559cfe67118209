/// The direction in which a quantity improves.
///
/// This is the one rule for histories, records of runs, charts, callbacks and whatever else
/// compares values: a metric says it itself (``Metric/direction``); if only the quantity's name is
/// known, the name decides (``init(ofQuantity:)``).
public enum ObjectiveDirection: String, Sendable, Hashable {
    /// Smaller values are better, as for a loss.
    case minimum = "min"
    /// Larger values are better, as for an accuracy.
    case maximum = "max"

    /// The direction that the name of a quantity in logs implies.
    ///
    /// A prefix `val_` is ignored. A loss should be small; any other name is compared with the
    /// names of the metrics: `auc` and `head_auc` should be large, `mae` and `mean_absolute_error`
    /// small.
    ///
    /// - Parameter name: such as `val_loss` or `accuracy`.
    /// - Returns: `nil` if the name implies nothing, such as `learning_rate`.
    public init?(ofQuantity name: String) {
        let words = (name.hasPrefix("val_") ? String(name.dropFirst(4)) : name).lowercased()
            .split(separator: "_")
        // The longest ending first: `head_cosine_similarity` has a metric's name in its last two words.
        for start in words.indices {
            let ending = words[start...].joined(separator: "_")
            if let known = directionsByName[ending] {
                self = known
                return
            }
        }
        // Keras numbers metrics of one name: `auc_1`.
        guard words.count > 1, let number = words.last, number.allSatisfy(\.isNumber) else {
            return nil
        }
        self.init(ofQuantity: words.dropLast().joined(separator: "_"))
    }

    /// Whether a value is better than another one by more than a margin.
    ///
    /// - Parameters:
    ///   - value: the new value; NaN is better only than `nil`.
    ///   - other: the value so far; `nil` if there is none, and every value is better.
    ///   - margin: the minimum improvement, 0 or more.
    public func isBetter(_ value: Float, than other: Float?, by margin: Float = 0) -> Bool {
        guard let other else { return true }
        return self == .maximum ? value - margin > other : value + margin < other
    }

    /// The best of some values after epochs, the first of equal ones.
    ///
    /// - Returns: `nil` if no value is finite.
    package func best(of values: [(epoch: Int, value: Float)]) -> (epoch: Int, value: Float)? {
        values.filter { $0.value.isFinite }.max { isBetter($1.value, than: $0.value) }
    }
}

extension Metric {
    /// The direction for ``prefersLarger``.
    public var direction: ObjectiveDirection? { prefersLarger.map { $0 ? .maximum : .minimum } }
}

/// By the names that Keras gives metrics and losses, in lower case.
private let directionsByName: [String: ObjectiveDirection] = {
    var result: [String: ObjectiveDirection] = [
        "loss": .minimum, "error": .minimum, "accuracy": .maximum, "acc": .maximum,
    ]
    for type in MetricRegistry.types {
        guard let prefersLarger = metricDirections[type.className] else { continue }
        let direction: ObjectiveDirection = prefersLarger ? .maximum : .minimum
        result[type.className.lowercased()] = direction
        result[LayerNames.snakeCase(type.className)] = direction
        // Not every metric's own name is that of its class.
        if let metric = try? type.init(configuration: Configuration([:])) {
            result[metric.name] = direction
        }
    }
    for (alias, className) in MetricRegistry.aliases {
        result[alias.lowercased()] = result[className.lowercased()]
    }
    return result
}()
