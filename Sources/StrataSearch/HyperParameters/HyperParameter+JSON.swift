public import Strata

extension HyperParameter.Domain {
    /// The domain as in a file: `{"type": "int", "min_value": 16, "max_value": 64, "step": 16}`.
    public var json: JSONValue {
        switch self {
        case .choice([.boolean(false), .boolean(true)], isOrdered: _): return ["type": "boolean"]
        case .choice(let values, let isOrdered):
            return [
                "type": "choice", "values": .array(values.map(\.json)), "ordered": .bool(isOrdered),
            ]
        case .int(let minValue, let maxValue, let step, let sampling):
            return [
                "type": "int", "min_value": .integer(minValue), "max_value": .integer(maxValue),
                "step": .integer(step), "sampling": .string(sampling.rawValue),
            ]
        case .float(let minValue, let maxValue, let step, let sampling):
            return [
                "type": "float", "min_value": .number(minValue), "max_value": .number(maxValue),
                "step": step.map { .number($0) } ?? .null, "sampling": .string(sampling.rawValue),
            ]
        case .fixed(let value): return ["type": "fixed", "value": value.json]
        }
    }
}

extension JSONValue {
    /// A number, integer or not.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// What a string stands for.
    func text<Result>(_ make: (String) -> Result?) -> Result? {
        if case .string(let text) = self { make(text) } else { nil }
    }
}
