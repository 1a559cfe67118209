internal import Strata

/// Reads a hyperparameter of a file that a user has written, and says what is wrong with it.
struct HyperParameterReader {
    let name: String

    private static let keys = [
        "choice": ["values", "ordered"], "boolean": [], "fixed": ["value"],
        "int": ["min_value", "max_value", "step", "sampling"],
        "float": ["min_value", "max_value", "step", "sampling"],
    ]

    private func error(_ problem: String, fix: String) -> HyperParameterError {
        HyperParameterError(name, problem, fix: fix)
    }

    /// The domain that is written here, or the only value.
    func domain(_ json: JSONValue) throws(HyperParameterError) -> HyperParameter.Domain {
        if let value = HyperParameterValue(json: json) { return .fixed(value) }
        guard case .object(let members) = json else {
            throw error(
                "it is \(json.text)",
                fix: #"write one value, or {"type": "choice", "values": […]} for several"#)
        }
        let type = try type(members)
        try checkKeys(members, type)
        switch type {
        case "boolean": return .choice([.boolean(false), .boolean(true)], isOrdered: true)
        case "fixed": return .fixed(try value(members["value"] ?? .null, "value"))
        case "choice": return try choice(members)
        case "int":
            return .int(
                minValue: try bound(members, "min_value", exactInteger),
                maxValue: try bound(members, "max_value", exactInteger),
                step: try optional(members, "step", exactInteger) ?? 1,
                sampling: try sampling(members))
        default:
            return .float(
                minValue: try bound(members, "min_value", \.double),
                maxValue: try bound(members, "max_value", \.double),
                step: try optional(members, "step", \.double), sampling: try sampling(members))
        }
    }

    private func type(_ members: [String: JSONValue]) throws(HyperParameterError) -> String {
        let fix = "use choice, int, float, boolean or fixed"
        guard let json = members["type"] else { throw error("its type is missing", fix: fix) }
        guard case .string(let type) = json, Self.keys[type] != nil else {
            let near = json.text { nearestName(to: $0, among: Self.keys.keys.sorted()) }
            throw error("its type is \(json.text)", fix: near.map { "use \($0)" } ?? fix)
        }
        return type
    }

    private func checkKeys(_ members: [String: JSONValue], _ type: String)
        throws(HyperParameterError)
    {
        let known = ["type"] + (Self.keys[type] ?? [])
        for key in members.keys.sorted() where !known.contains(key) {
            let near = nearestName(to: key, among: known)
            throw error(
                "\(key) is not known for a hyperparameter of type \(type)",
                fix: near.map { "use \($0)" } ?? "use only \(known.joined(separator: ", "))")
        }
    }

    private func choice(_ members: [String: JSONValue]) throws(HyperParameterError)
        -> HyperParameter.Domain
    {
        guard case .array(let items)? = members["values"] else {
            throw error("its values are missing", fix: #"give an array, such as "values": [3, 5]"#)
        }
        var values: [HyperParameterValue] = []
        for item in items { values.append(try value(item, "a value of the choice")) }
        switch members["ordered"] ?? .null {
        case .bool(let isOrdered): return .choice(values, isOrdered: isOrdered)
        case .null:
            return .choice(values, isOrdered: values.allSatisfy { $0.number != nil })
        case .integer, .number, .string, .array, .object:
            throw error("ordered is \(members["ordered"]?.text ?? "")", fix: "use true or false")
        }
    }

    private func value(_ json: JSONValue, _ what: String) throws(HyperParameterError)
        -> HyperParameterValue
    {
        if let value = HyperParameterValue(json: json) { return value }
        throw error("\(what) is \(json.text)", fix: "use a number, a string, true or false")
    }

    private func sampling(_ members: [String: JSONValue]) throws(HyperParameterError)
        -> HyperParameter.Sampling
    {
        guard let json = members["sampling"], json != .null else { return .linear }
        if let sampling = json.text(HyperParameter.Sampling.init(rawValue:)) { return sampling }
        throw error("its sampling is \(json.text)", fix: "use linear, log or reverse_log")
    }

    private func bound<Number>(
        _ members: [String: JSONValue], _ key: String, _ convert: (JSONValue) -> Number?
    ) throws(HyperParameterError) -> Number {
        if let number = try optional(members, key, convert) { return number }
        throw error("its \(key) is missing", fix: "give min_value and max_value")
    }

    private func optional<Number>(
        _ members: [String: JSONValue], _ key: String, _ convert: (JSONValue) -> Number?
    ) throws(HyperParameterError) -> Number? {
        guard let json = members[key], json != .null else { return nil }
        if let number = convert(json) { return number }
        let kind = Number.self == Int.self ? "an integer" : "a number"
        throw error("its \(key) is \(json.text)", fix: "use \(kind)")
    }

    private func exactInteger(_ json: JSONValue) -> Int? { json.double.flatMap(Int.init(exactly:)) }
}
