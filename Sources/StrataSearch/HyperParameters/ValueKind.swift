/// The type of a domain's values.
enum ValueKind: Sendable, Hashable {
    case boolean
    case integer
    case number
    case string

    /// What to do about values of another type.
    var fix: String {
        switch self {
        case .boolean: "use true or false"
        case .integer: "use integers"
        case .number: "use numbers"
        case .string: "use these strings, or some of them"
        }
    }

    /// The value as one of this type; `nil` if it is of another.
    ///
    /// JSON does not tell 1.0 from 1.
    fileprivate func converted(_ value: HyperParameterValue) -> HyperParameterValue? {
        switch (self, value) {
        case (.boolean, .boolean), (.string, .string), (.integer, .int), (.number, .float): value
        case (.integer, .float(let number)): Int(exactly: number).map { .int($0) }
        case (.number, .int(let number)): .float(Double(number))
        case (.boolean, _), (.integer, _), (.number, _), (.string, _): nil
        }
    }
}

extension HyperParameter.Domain {
    /// The type of the values; `nil` if they are of several.
    var kind: ValueKind? {
        switch self {
        case .int: return .integer
        case .float: return .number
        case .fixed(let value): return value.kind
        case .choice(let values, _):
            let kinds = Set(values.map(\.kind))
            return kinds == [.integer, .number] ? .number : kinds.count == 1 ? kinds.first : nil
        }
    }

    /// The domain for a builder that asks for values of another one; `nil` if it cannot use these.
    func converted(for asked: Self) -> Self? {
        guard let kind = asked.kind else { return nil }
        switch self {
        case .int(let minValue, let maxValue, let step, let sampling):
            switch kind {
            case .integer: return self
            case .number:
                return .float(
                    minValue: Double(minValue), maxValue: Double(maxValue),
                    step: sampling != .linear && step == 1 ? nil : Double(step),
                    sampling: sampling)
            case .boolean, .string: return nil
            }
        case .float: return kind == .number ? self : nil
        case .fixed(let value):
            return kind.converted(value).flatMap { asked.allows($0) ? .fixed($0) : nil }
        case .choice(let values, let isOrdered):
            let converted = values.compactMap(kind.converted)
            guard converted.count == values.count, converted.allSatisfy(asked.allows) else {
                return nil
            }
            // Strings have the order in which the builder lists them.
            if kind == .string, case .choice(let all, isOrdered: true) = asked {
                return .choice(all.filter(converted.contains), isOrdered: true)
            }
            return .choice(converted, isOrdered: isOrdered)
        }
    }

    /// Whether a builder that asks for this can know what to do with a value of the right type.
    ///
    /// A number it did not think of is a number, but a string is the name of something.
    private func allows(_ value: HyperParameterValue) -> Bool {
        guard case .string = value, case .choice(let all, _) = self else { return true }
        return all.contains(value)
    }
}

extension HyperParameterValue {
    fileprivate var kind: ValueKind {
        switch self {
        case .boolean: .boolean
        case .int: .integer
        case .float: .number
        case .string: .string
        }
    }
}
