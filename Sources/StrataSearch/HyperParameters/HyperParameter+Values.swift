internal import Foundation

extension HyperParameter.Domain {
    /// The number of values; `nil` if there are as many as floating-point numbers.
    var count: Int? {
        switch self {
        case .choice(let values, _): values.count
        case .fixed: 1
        case .int(let minValue, let maxValue, let step, let sampling):
            sampling != .linear && step > 1
                ? steps(from: Double(minValue), to: Double(maxValue), factor: Double(step))
                : (maxValue - minValue) / step + 1
        case .float(_, _, nil, _): nil
        case .float(let minValue, let maxValue, let step?, let sampling):
            sampling == .linear
                // The last of ten steps of 0.1 is not lost to rounding.
                ? Int(((maxValue - minValue) / step + 1e-9).rounded(.down)) + 1
                : steps(from: minValue, to: maxValue, factor: step)
        }
    }

    private func steps(from minValue: Double, to maxValue: Double, factor: Double) -> Int {
        Int((log(maxValue / minValue) / log(factor) + 1e-9).rounded(.down)) + 1
    }

    /// The value of an index below ``count``, or the first of values that are not counted.
    func value(at index: Int) -> HyperParameterValue {
        switch self {
        case .choice(let values, _): values[min(index, values.count - 1)]
        case .fixed(let value): value
        case .int(let minValue, let maxValue, let step, let sampling):
            sampling != .linear && step > 1
                ? .int(
                    min(
                        Int((Double(minValue) * pow(Double(step), Double(index))).rounded()),
                        maxValue))
                : .int(minValue + index * step)
        case .float(let minValue, _, nil, _): .float(minValue)
        case .float(let minValue, let maxValue, let step?, let sampling):
            .float(
                min(
                    sampling == .linear
                        ? minValue + Double(index) * step : minValue * pow(step, Double(index)),
                    maxValue))
        }
    }

    /// The value below which a fraction of all draws is.
    ///
    /// - Parameter quantile: 0 ... 1.
    func value(atQuantile quantile: Double) -> HyperParameterValue {
        let quantile = min(max(quantile, 0), 1)
        if let count, !isContinuous {
            return value(at: min(Int(quantile * Double(count)), count - 1))
        }
        switch self {
        case .choice(let values, _): return values[0]
        case .fixed(let value): return value
        case .int(let minValue, let maxValue, _, let sampling):
            // Each integer has the values that round to it.
            let (low, high) = (Double(minValue) - 0.5, Double(maxValue) + 0.5)
            let value = sampling.between(max(low, 0.5), high, linearFrom: low, quantile)
            return .int(Int(min(max(value.rounded(), Double(minValue)), Double(maxValue))))
        case .float(let minValue, let maxValue, _, let sampling):
            let value = sampling.between(minValue, maxValue, linearFrom: minValue, quantile)
            return .float(min(max(value, minValue), maxValue))
        }
    }

    /// Whether values are drawn from an interval, instead of from a list.
    var isContinuous: Bool {
        switch self {
        case .choice, .fixed: false
        case .int(_, _, let step, let sampling): step == 1 && sampling != .linear
        case .float(_, _, let step, _): step == nil
        }
    }

    /// Where a value is between the bounds, from 0 to 1, as it is drawn.
    ///
    /// The inverse of ``value(atQuantile:)``, in the
    /// middle of the quantiles of a listed value.
    func quantile(of value: HyperParameterValue) -> Double {
        switch self {
        case .fixed: return 0.5
        case .choice(let values, _):
            return (Double(values.firstIndex(of: value) ?? 0) + 0.5) / Double(values.count)
        case .int(let minValue, let maxValue, _, let sampling):
            let number = value.number ?? Double(minValue)
            if isContinuous {
                return sampling.quantile(
                    of: number, max(Double(minValue) - 0.5, 0.5), Double(maxValue) + 0.5)
            }
            return listedQuantile(of: number)
        case .float(let minValue, let maxValue, _, let sampling):
            let number = value.number ?? minValue
            return isContinuous
                ? sampling.quantile(of: number, minValue, maxValue) : listedQuantile(of: number)
        }
    }

    private func listedQuantile(of number: Double) -> Double {
        let count = count ?? 1
        let distance = { (index: Int) in abs((value(at: index).number ?? 0) - number) }
        // Values grow with the index.
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high) / 2
            if (value(at: middle).number ?? 0) < number { low = middle + 1 } else { high = middle }
        }
        if low > 0, distance(low - 1) <= distance(low) { low -= 1 }
        return (Double(low) + 0.5) / Double(count)
    }

    /// The value before a search knows better: the smallest or the first.
    var defaultValue: HyperParameterValue { value(at: 0) }
}

extension HyperParameter.Sampling {
    /// The number at a quantile between two bounds.
    fileprivate func between(
        _ low: Double, _ high: Double, linearFrom start: Double, _ quantile: Double
    ) -> Double {
        switch self {
        case .linear: start + (high - start) * quantile
        case .log: low * pow(high / low, quantile)
        case .reverseLog: high + low - low * pow(high / low, 1 - quantile)
        }
    }

    fileprivate func quantile(of number: Double, _ low: Double, _ high: Double) -> Double {
        if high <= low { return 0.5 }
        let quantile =
            switch self {
            case .linear: (number - low) / (high - low)
            case .log: Foundation.log(number / low) / Foundation.log(high / low)
            case .reverseLog:
                1 - Foundation.log((high + low - number) / low) / Foundation.log(high / low)
            }
        return min(max(quantile, 0), 1)
    }
}
