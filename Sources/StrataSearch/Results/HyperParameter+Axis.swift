internal import StrataVisualization

extension HyperParameter {
    /// The axis of its values in a picture: numbers as they are drawn, logarithmically or not, and
    /// few values as labels.
    var scale: AxisScale {
        if let listed { return .labels(listed.map(\.label)) }
        switch domain {
        case .fixed, .choice: return .labels([])
        case .int(let minValue, let maxValue, _, let sampling):
            return scale(Double(minValue), Double(maxValue), isWhole: true, sampling)
        case .float(let minValue, let maxValue, _, let sampling):
            return scale(minValue, maxValue, isWhole: false, sampling)
        }
    }

    /// Where a value is on the axis.
    func coordinate(of value: HyperParameterValue) -> Double? {
        guard let listed else { return value.number }
        if let index = listed.firstIndex(of: value) { return Double(index) }
        // Between two steps.
        guard let number = value.number else { return nil }
        let distances = listed.map { abs(($0.number ?? .infinity) - number) }
        return distances.min().flatMap { distances.firstIndex(of: $0) }.map { Double($0) }
    }

    /// The values, unless they are many numbers.
    private var listed: [HyperParameterValue]? {
        switch domain {
        case .fixed(let value): return [value]
        case .choice(let values, _): return values
        case .int, .float:
            guard let count = domain.count, count <= 9 else { return nil }
            return (0..<count).map { domain.value(at: $0) }
        }
    }

    private func scale(
        _ low: Double, _ high: Double, isWhole: Bool, _ sampling: Sampling
    ) -> AxisScale {
        switch sampling {
        case .log: .logarithmic(low: low, high: high)
        case .linear, .reverseLog: .linear(low: low, high: high, isWhole: isWhole)
        }
    }
}

extension HyperParameterValue {
    /// The value at an axis, which shortens long texts itself.
    fileprivate var label: String {
        switch self {
        case .boolean, .int, .float: cell
        case .string(let text): text
        }
    }
}
