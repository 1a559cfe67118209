/// A hyperparameter: its name and the values that it can have.
///
/// KerasTuner's `HyperParameter`.
public struct HyperParameter: Sendable, Hashable {
    /// The name, unique in a search space.
    public let name: String
    public let domain: Domain

    /// The values that a hyperparameter can have.
    public enum Domain: Sendable, Hashable {
        /// One of some values, at least one.
        ///
        /// - `isOrdered`: whether neighbours in the list are similar, as numbers are.
        case choice([HyperParameterValue], isOrdered: Bool)
        /// An integer, both bounds included.
        case int(minValue: Int, maxValue: Int, step: Int, sampling: Sampling)
        /// A floating-point number, both bounds included; any if there is no step.
        case float(minValue: Double, maxValue: Double, step: Double?, sampling: Sampling)
        /// Always the same value. KerasTuner's `Fixed`.
        case fixed(HyperParameterValue)
    }

    /// How values are drawn between the bounds.
    public enum Sampling: String, Sendable, Hashable, CaseIterable {
        /// Equally likely everywhere.
        case linear
        /// Equally likely for each factor: as often from 0.001 to 0.01 as from 0.01 to 0.1.
        case log
        /// Like `log`, from the upper bound downward: most values are near the upper bound.
        case reverseLog = "reverse_log"
    }
}
