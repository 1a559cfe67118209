/// Metrics with counts at thresholds: one count for each, and a scalar for a single one.
struct ThresholdCounts: Sendable {
    /// As given; the default if left out.
    var given: [Float]?
    /// The default threshold: ½, or with `topK` none.
    var fallback: Float = 0.5

    var values: [Float] { given ?? [fallback] }

    /// As Keras writes it: a number, or a list.
    var json: JSONValue {
        guard let given else { return .null }
        return given.count == 1 ? JSONValue(given[0]) : JSONValue(given)
    }

    var zeros: Tensor { Tensor(repeating: 0, shape: [values.count]) }

    /// A scalar instead of an array of one value.
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
