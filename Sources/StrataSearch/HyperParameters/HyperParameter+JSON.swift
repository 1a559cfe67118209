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

    /// The domain that ``json`` wrote; `nil` for anything else.
    init?(json: JSONValue) {
        guard case .string(let type)? = json["type"] else { return nil }
        let sampling = json["sampling"]?.text(HyperParameter.Sampling.init(rawValue:)) ?? .linear
        switch type {
        case "boolean": self = .choice([.boolean(false), .boolean(true)], isOrdered: true)
        case "choice":
            guard case .array(let values)? = json["values"] else { return nil }
            self = .choice(
                values.compactMap { HyperParameterValue(json: $0) },
                isOrdered: json["ordered"] == .bool(true))
        case "int":
            guard case .integer(let low)? = json["min_value"],
                case .integer(let high)? = json["max_value"],
                case .integer(let step)? = json["step"]
            else { return nil }
            self = .int(minValue: low, maxValue: high, step: step, sampling: sampling)
        case "float":
            guard let low = json["min_value"]?.double, let high = json["max_value"]?.double else {
                return nil
            }
            self = .float(
                minValue: low, maxValue: high, step: json["step"]?.double, sampling: sampling)
        case "fixed":
            guard let value = json["value"].flatMap({ HyperParameterValue(json: $0) }) else {
                return nil
            }
            self = .fixed(value)
        default: return nil
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
