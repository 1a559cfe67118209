internal import StrataGraph

extension KerasOperations {
    /// Elementwise functions of one or two tensors.
    static let elements: Table = [
        "Add": { try $0.binary { $0 + $1 } },
        "Subtract": { try $0.binary { $0 - $1 } },
        "Multiply": { try $0.binary { $0 * $1 } },
        "Divide": { try $0.fraction { $0 / $1 } },
        "TrueDivide": { try $0.fraction { $0 / $1 } },
        "FloorDivide": { try $0.binary(Ops.floorDivide) },
        "Mod": { try $0.binary(Ops.mod) },
        "DivideNoNan": { try $0.fraction(Ops.divideNoNan) },
        "Power": { try $0.binary { $0.power($1) } },
        "Maximum": { try $0.binary { $0.maximum($1) } },
        "Minimum": { try $0.binary { $0.minimum($1) } },
        "Logaddexp": { try $0.fraction(Ops.logaddexp) },
        "Hypot": { try $0.fraction(Ops.hypot) },

        "Negative": { try $0.same { -$0 } },
        "Absolute": { try $0.same { $0.absolute() } },
        "Abs": { try $0.same { $0.absolute() } },
        "Sign": { try $0.same { $0.sign() } },
        "Square": { try $0.same { $0.square() } },
        "Clip": { a in
            let (low, high) = (try a.number("x_min"), try a.number("x_max"))
            return try a.same { $0.clipped(low, high) }
        },
        "Floor": { try $0.float().floor() },
        "Ceil": { Ops.ceil(try $0.float()) },
        "Trunc": { try $0.same(Ops.trunc) },
        "Round": { a in
            let decimals = try a.int("decimals", default: 0)
            return try a.same { Ops.round($0, decimals: decimals) }
        },

        "Exp": { try $0.float().exp() },
        "Exp2": { Ops.exp2(try $0.float()) },
        "Expm1": { try $0.float().expm1() },
        "Log": { try $0.float().log() },
        "Log1p": { try $0.float().log1p() },
        "Log2": { Ops.log2(try $0.float()) },
        "Log10": { Ops.log10(try $0.float()) },
        "Sqrt": { try $0.float().sqrt() },
        "Rsqrt": { Ops.rsqrt(try $0.float()) },
        "Reciprocal": { try $0.float().reciprocal() },
        "Sin": { try $0.float().sin() },
        "Cos": { try $0.float().cos() },
        "Tan": { Ops.tan(try $0.float()) },
        "Tanh": { try $0.float().tanh() },
        "Sinh": { Ops.sinh(try $0.float()) },
        "Cosh": { Ops.cosh(try $0.float()) },
        "Erf": { try $0.float().erf() },
        "NanToNum": { a in
            Ops.nanToNum(
                try a.float(), nan: try a.number("nan", default: 0),
                posinf: try a.configuration.optionalFloat("posinf"),
                neginf: try a.configuration.optionalFloat("neginf"))
        },
        "Cast": { try $0.tensor().cast(to: $0.configuration.elementType()) },
        "StopGradient": { try $0.tensor().stoppingGradient() },
    ]

    /// Comparisons and logical functions; results are `bool`.
    static let conditions: Table = [
        "Equal": { try $0.condition { $0.equal(to: $1) } },
        "NotEqual": { try $0.condition { $0.notEqual(to: $1) } },
        "Less": { try $0.condition { $0.less(than: $1) } },
        "LessEqual": { try $0.condition { $0.lessOrEqual(to: $1) } },
        "Greater": { try $0.condition { $0.greater(than: $1) } },
        "GreaterEqual": { try $0.condition { $0.greaterOrEqual(to: $1) } },
        "LogicalAnd": { try $0.condition(Ops.logicalAnd) },
        "LogicalOr": { try $0.condition(Ops.logicalOr) },
        "LogicalXor": { try $0.condition(Ops.logicalXor) },
        "LogicalNot": { try $0.float().equal(to: 0).cast(to: .bool) },
        "Isnan": { Ops.isnan(try $0.float()).cast(to: .bool) },
        "Isinf": { Ops.isinf(try $0.float()).cast(to: .bool) },
        "Isfinite": { Ops.isfinite(try $0.float()).cast(to: .bool) },
        "Where": { a in
            let (x, y) = try a.pair(1, 2)
            let condition = try a.float()
            if x.dtype.isFloatingPoint { return condition.select(x, y) }
            return condition.select(x.cast(to: .float32), y.cast(to: .float32))
                .cast(to: x.dtype)
        },
    ]
}

extension Configuration {
    /// The requested type of an operation's result.
    func elementType(default fallback: DType? = nil) throws(ConfigurationError) -> DType {
        guard let name = try optionalString("dtype") else {
            guard let fallback else { throw failure("dtype", "is missing") }
            return fallback
        }
        if name == "float" { return .float32 }
        if name == "int" { return .int32 }
        guard let type = DType(rawValue: name) else {
            let known = DType.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("dtype", "\(name) is not one of \(known)")
        }
        return type
    }
}
