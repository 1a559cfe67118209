import Strata

extension StepProfile {
    /// Machine-readable output; times are in milliseconds.
    var json: JSONValue {
        var facts: [String: JSONValue] = [
            "runs": .integer(runs), "ms": .number(seconds * 1e3),
            "unaccounted_ms": .number(unaccountedSeconds * 1e3),
            "parts": .array(parts.map(\.json)),
        ]
        facts["communication"] = communication?.json
        return .object(facts)
    }
}

extension StepProfile.Communication {
    fileprivate var json: JSONValue {
        .object([
            "in_flight_ms": .number(secondsInFlight * 1e3),
            "waited_ms": .number(secondsWaited * 1e3), "share_hidden": .number(shareHidden),
        ])
    }
}

extension StepProfile.Part {
    fileprivate var json: JSONValue {
        .object([
            "operation": .string(operation), "implementation": .string(implementation),
            "sources": .array(sources.map(\.json)),
            "destinations": .array(destinations.map(\.json)), "ms": .number(seconds * 1e3),
            "flops": .number(flops), "bytes": .integer(byteCount),
        ])
    }
}

extension StepProfile.Operand {
    fileprivate var json: JSONValue {
        .object([
            "shape": .array(shape.map { .integer($0) }), "dtype": .string(dtype.rawValue),
            "layout": .string(layout),
        ])
    }
}
