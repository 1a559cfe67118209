import Strata

/// A call of an initializer as it is printed, such as `Conv2D(32, kernelSize: 3)`, and what Keras's
/// configuration has for its arguments, those with defaults too.
struct PrintedCall {
    let name: String
    let config: [String: JSONValue]

    /// - Returns: `nil` for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.drop { $0 == " " }.split(separator: "(", maxSplits: 1)
        guard parts.count == 2, parts[1].hasSuffix(")") else { return nil }
        name = String(parts[0])
        var arguments = Self.defaults[name] ?? [:]
        for (index, argument) in parts[1].dropLast().split(separator: ", ").enumerated() {
            let pair = argument.split(separator: ": ")
            guard let value = Self.value(pair[pair.count - 1]) else { return nil }
            let positional = Self.positional[name] ?? []
            guard pair.count == 2 || index < positional.count else { return nil }
            let key = pair.count == 2 ? Self.key(pair[0]) : positional[index]
            arguments[key] = Self.windows.contains(key) ? [value, value] : value
        }
        if arguments["strides"] == nil { arguments["strides"] = arguments["pool_size"] }
        config = arguments
    }

    private static let windows: Set = ["kernel_size", "strides", "pool_size"]

    private static let positional = [
        "Conv2D": ["filters"], "MaxPooling2D": ["pool_size"], "AveragePooling2D": ["pool_size"],
        "Dense": ["units"], "Dropout": ["rate"], "Activation": ["activation"],
        "Rescaling": ["scale"], "RandomFlip": ["mode"],
        "RandomTranslation": ["height_factor", "width_factor"],
    ]

    /// Keras's, for what a printed call may leave out.
    private static let defaults: [String: [String: JSONValue]] = [
        "Conv2D": [
            "strides": [1, 1], "padding": "valid", "use_bias": true, "activation": "linear",
        ],
        "MaxPooling2D": ["padding": "valid"], "AveragePooling2D": ["padding": "valid"],
        "Dense": ["use_bias": true, "activation": "linear"],
        "BatchNormalization": ["momentum": 0.99, "epsilon": 0.001],
        "SGD": ["momentum": 0, "nesterov": false],
    ]

    /// `kernelSize` as `kernel_size`.
    private static func key(_ name: some StringProtocol) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
    }

    private static func value(_ text: some StringProtocol) -> JSONValue? {
        if text == "1 / 255.0" { return JSONValue(Float(1 / 255.0)) }
        if text.hasPrefix(".") { return .string(String(text.dropFirst())) }
        if text == "schedule" { return .null }
        return try? JSONValue(parsing: String(text))
    }
}
