internal import StrataGraph

// Elementwise operations and reductions in Keras.

extension UnaryFunction: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        switch self {
        case .negate: .numpy("Negative")
        case .relu, .sigmoid: .nn(rawValue)
        case .erf: .math("Erf")
        case .stopGradient: .core("StopGradient")
        case .round: .numpy("Round", 1, ["decimals": 0])
        case .absolute, .sign, .exp, .expm1, .log, .log1p, .sqrt, .reciprocal, .square, .sin,
            .cos, .tanh, .floor:
            .numpy(rawValue)
        }
    }
}

extension BinaryFunction: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        let call = KerasCalls.numpy(self == .divide ? "TrueDivide" : rawValue, 2)
        // Keras's comparisons give `bool`, which has no arithmetic there.
        return isComparison ? call.followed(by: .cast(to: node.outputs[0].dtype)) : call
    }
}

extension Select: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? { .numpy("Where", 3) }
}

extension Cast: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? { .cast(to: dtype) }
}

extension Reduction: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        kind.kerasCalls(axes, keepDimensions: keepDimensions)
    }
}

extension Reduction.Kind {
    func kerasCalls(_ axes: [Int], keepDimensions: Bool) -> KerasCalls {
        var config: [String: JSONValue] = [
            "axis": JSONValue(axes), "keepdims": .bool(keepDimensions),
        ]
        switch self {
        case .sum: return .numpy("Sum", 1, config)
        case .mean: return .numpy("Mean", 1, config)
        case .maximum, .minimum:
            config["initial"] = .null
            return .numpy(self == .maximum ? "Max" : "Min", 1, config)
        case .product:
            config["dtype"] = .null
            return .numpy("Prod", 1, config)
        }
    }
}

extension ArgMax: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        .numpy("Argmax", 1, ["axis": .integer(axis), "keepdims": false])
    }
}
