/// What metrics share that count over thresholds: a count for each, and a scalar for a single one.
struct ThresholdCounts: Sendable {
    /// As given; the default if left out.
    var given: [Float]?
    /// What counts as positive where nothing was given: above ½, or all of the largest ones.
    var fallback: Float = 0.5

    var values: [Float] { given ?? [fallback] }

    /// As Keras writes it: a number, or a list.
    var json: JSONValue {
        guard let given else { return .null }
        return given.count == 1 ? JSONValue(given[0]) : JSONValue(given)
    }

    var zeros: Tensor { Tensor(repeating: 0, shape: [values.count]) }

    /// A scalar in place of one number.
    func result(_ counts: SymbolicTensor) -> SymbolicTensor {
        values.count == 1 ? counts.reshaped([]) : counts
    }
}

extension Configuration {
    /// Keras's `thresholds`: a number or several from 0 to 1, or none.
    func thresholds() throws(ConfigurationError) -> [Double]? {
        guard value("thresholds") != nil else { return nil }
        let thresholds = try doubles("thresholds")
        guard thresholds.allSatisfy({ (0...1).contains($0) }) else {
            throw failure("thresholds", "should be from 0 to 1")
        }
        return thresholds
    }
}
