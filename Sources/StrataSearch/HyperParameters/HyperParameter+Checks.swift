extension HyperParameter {
    /// - Throws: a ``HyperParameterError`` unless there is a value, and the bounds are in order.
    func check() throws(HyperParameterError) {
        guard !name.isEmpty else {
            throw HyperParameterError(
                name, "the name is empty", fix: "give each hyperparameter a name")
        }
        switch domain {
        case .fixed(.float(let value)) where !value.isFinite:
            throw HyperParameterError(name, "its value is \(value)", fix: "use a finite number")
        case .fixed: break
        case .choice(let values, _):
            if values.isEmpty {
                throw HyperParameterError(
                    name, "the choice is empty", fix: "give one value or more")
            }
            if Set(values).count < values.count {
                throw HyperParameterError(
                    name, "a value of the choice \(domain) is there twice", fix: "give each once")
            }
            for case .float(let value) in values where !value.isFinite {
                throw HyperParameterError(
                    name, "a value of the choice is \(value)", fix: "use finite numbers")
            }
        case .int(let minValue, let maxValue, let step, let sampling):
            try checkBounds(minValue, maxValue)
            let (_, isTooWide) = maxValue.subtractingReportingOverflow(minValue)
            // Beyond 2^53 not all integers are floating-point numbers.
            if isTooWide || minValue.magnitude > 1 << 53 || maxValue.magnitude > 1 << 53 {
                throw HyperParameterError(
                    name, "the bounds are \(minValue) and \(maxValue)",
                    fix: "use integers of at most 2^53")
            }
            if step < 1 {
                throw HyperParameterError(name, "the step is \(step)", fix: "use 1 or more")
            }
            if sampling != .linear { try checkPositive(minValue, sampling) }
        case .float(let minValue, let maxValue, let step, let sampling):
            for bound in [minValue, maxValue] where !bound.isFinite {
                throw HyperParameterError(name, "a bound is \(bound)", fix: "use finite numbers")
            }
            try checkBounds(minValue, maxValue)
            if sampling != .linear { try checkPositive(minValue, sampling) }
            let extent = sampling == .linear ? maxValue - minValue : maxValue / minValue
            guard extent.isFinite else {
                throw HyperParameterError(
                    name, "the bounds \(minValue) and \(maxValue) are too far apart",
                    fix: "use bounds that are closer together")
            }
            guard let step else { break }
            let least = sampling == .linear ? 0.0 : 1
            guard step > least, step.isFinite else {
                throw HyperParameterError(
                    name, "the step is \(step)", fix: "use a finite number above \(least)")
            }
            if (maxValue - minValue) / step > 1e9 || sampling != .linear && step < 1 + 1e-6 {
                throw HyperParameterError(
                    name, "the step \(step) is too small for its bounds", fix: "leave it out")
            }
        }
    }

    private func checkBounds<Number: Comparable>(_ minValue: Number, _ maxValue: Number)
        throws(HyperParameterError)
    {
        if minValue <= maxValue { return }
        throw HyperParameterError(
            name, "the range is upside down: from \(minValue) to \(maxValue)",
            fix: "give the smaller bound first")
    }

    private func checkPositive<Number: Comparable & Numeric>(
        _ minValue: Number, _ sampling: Sampling
    ) throws(HyperParameterError) {
        if minValue > .zero { return }
        throw HyperParameterError(
            name, "\(sampling.rawValue) sampling needs a minValue above 0, but it is \(minValue)",
            fix: "use a larger minValue, or linear sampling")
    }

    /// The value, if the hyperparameter can have it.
    ///
    /// - Throws: a ``HyperParameterError`` otherwise.
    func checked(_ value: HyperParameterValue) throws(HyperParameterError) -> HyperParameterValue {
        if let found = domain.contained(value) { return found }
        throw HyperParameterError(
            name, "\(value) is none of its values, \(domain)", fix: "use one of these")
    }
}

extension HyperParameter.Domain {
    /// The value in the type of the domain; `nil` if it is not one of its values.
    fileprivate func contained(_ value: HyperParameterValue) -> HyperParameterValue? {
        switch self {
        case .fixed(let only): return only.isSame(as: value) ? only : nil
        case .choice(let values, _): return values.first { $0.isSame(as: value) }
        case .int(let minValue, let maxValue, _, _):
            guard case .int(let number) = value, number >= minValue, number <= maxValue else {
                return nil
            }
            return value
        case .float(let minValue, let maxValue, _, _):
            guard case .boolean = value else {
                guard let number = value.number, number >= minValue, number <= maxValue else {
                    return nil
                }
                return .float(number)
            }
            return nil
        }
    }
}

extension HyperParameter.Domain: CustomStringConvertible {
    /// The values in words: `one of 16, 32, 64`, `0.0001 to 0.01 (log)`.
    public var description: String {
        switch self {
        case .choice(let values, _): "one of \(values.map(\.description).joined(separator: ", "))"
        case .fixed(let value): "\(value)"
        case .int(let minValue, let maxValue, let step, let sampling):
            "\(minValue) to \(maxValue)\(Self.notes(step == 1 ? nil : "\(step)", sampling))"
        case .float(let minValue, let maxValue, let step, let sampling):
            "\(minValue) to \(maxValue)\(Self.notes(step.map { "\($0)" }, sampling))"
        }
    }

    private static func notes(_ step: String?, _ sampling: HyperParameter.Sampling) -> String {
        let notes =
            (step.map { ["step \($0)"] } ?? []) + (sampling == .linear ? [] : [sampling.rawValue])
        return notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
    }
}
