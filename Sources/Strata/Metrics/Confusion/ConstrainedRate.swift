/// The best value of one rate over all thresholds at which another rate reaches a bound.
///
/// Keras 3.15.1 `SensitivitySpecificityBase`. State: true positives, false positives, true
/// negatives and false negatives at each threshold.
public protocol ConstrainedRate: Metric {
    /// The number of evenly spaced thresholds from 0 to 1; a single one is ½.
    var numThresholds: Int { get set }
    /// The only class that is evaluated; all classes if left out.
    var classID: Int? { get set }
}

extension ConstrainedRate {
    /// Reads the shared arguments; missing ones are unchanged.
    mutating func read(_ configuration: Configuration) throws(ConfigurationError) {
        numThresholds = try configuration.int("num_thresholds", default: numThresholds)
        classID = try configuration.optionalInt("class_id")
        name = try configuration.name(default: name)
        guard numThresholds > 0 else {
            throw configuration.failure("num_thresholds", "should be above 0")
        }
    }

    func config(adding own: [String: JSONValue]) -> [String: JSONValue] {
        baseConfig.merging([
            "num_thresholds": .integer(numThresholds), "class_id": JSONValue(classID),
        ]) { $1 }.merging(own) { $1 }
    }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        Array(repeating: Tensor(repeating: 0, shape: [max(numThresholds, 1)]), count: 4)
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let batch = ConfusionCounts(
            targets: targets, predictions: predictions, weight: sampleWeight,
            thresholds: numThresholds > 1
                ? .even(count: numThresholds, isOpen: false) : .values([0.5]),
            ConfusionCounts.Selection(classID: classID))
        let counts = [
            batch.truePositives, batch.falsePositives, batch.trueNegatives, batch.falseNegatives,
        ]
        return zip(state, counts).map { $0 + $1 }
    }
}

/// Rates from the counts at each threshold.
struct ConfusionRates {
    let recall: SymbolicTensor
    let specificity: SymbolicTensor
    let precision: SymbolicTensor

    /// - Parameter state: true positives, false positives, true negatives, false negatives.
    init(_ state: [SymbolicTensor]) {
        recall = state[0].dividedOrZero(by: state[0] + state[3])
        specificity = state[2].dividedOrZero(by: state[2] + state[1])
        precision = state[0].dividedOrZero(by: state[0] + state[1])
    }
}

extension SymbolicTensor {
    /// The largest value where another one is not below a bound; 0 if there is none.
    func largest(where other: SymbolicTensor, isAtLeast bound: Float) -> SymbolicTensor {
        (other.greaterOrEqual(to: bound) * self).max().maximum(0)
    }
}

extension Configuration {
    /// A number from 0 to 1.
    func rate(_ key: String) throws(ConfigurationError) -> Double {
        let rate = try double(key)
        guard (0...1).contains(rate) else {
            throw failure(key, "should be from 0 to 1, but is \(rate)")
        }
        return rate
    }
}
