/// Operations on tensors with the names of `keras.ops`, for custom layers, losses and training
/// steps.
///
/// ```swift
/// let x = Input(shape: [128])
/// let normed = x * Ops.rsqrt(Ops.mean(Ops.square(x), axis: -1, keepDimensions: true) + 1e-6)
/// ```
///
/// They are made of the methods of ``SymbolicTensor``, so all have gradients. Errors are carried by
/// the resulting tensor. Comparisons give 1 for true and 0 for false. Keras 3.15.1 `keras.ops`.
public enum Ops {
    // MARK: Elements

    /// The sum, element by element.
    public static func add(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor { a + b }
    /// The difference, element by element.
    public static func subtract(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a - b
    }
    /// The product, element by element.
    public static func multiply(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a * b
    }
    /// The quotient, element by element.
    public static func divide(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor { a / b }
    /// The first element raised to the second.
    public static func power(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.power(b)
    }
    /// The quotient, rounded down.
    public static func floorDivide(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        (a / b).floor()
    }
    /// The remainder, with the sign of the divisor.
    public static func mod(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a - floorDivide(a, b) * b
    }
    /// The quotient, and 0 if the divisor is 0.
    public static func divideNoNan(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        let isZero = b.equal(to: 0)
        return isZero.select(.constant(0), a / isZero.select(.constant(1), b))
    }
    /// √(a² + b²).
    public static func hypot(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        (a.square() + b.square()).sqrt()
    }
    /// log(eᵃ + eᵇ), numerically stable.
    public static func logaddexp(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.maximum(b) + (-(a - b).absolute()).exp().log1p()
    }
    /// The larger of two elements.
    public static func maximum(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.maximum(b)
    }
    /// The smaller of two elements.
    public static func minimum(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.minimum(b)
    }
    /// Negation.
    public static func negative(_ x: SymbolicTensor) -> SymbolicTensor { -x }
    /// The absolute value.
    public static func absolute(_ x: SymbolicTensor) -> SymbolicTensor { x.absolute() }
    /// The sign of x: −1, 0 or 1.
    public static func sign(_ x: SymbolicTensor) -> SymbolicTensor { x.sign() }
    /// eˣ.
    public static func exp(_ x: SymbolicTensor) -> SymbolicTensor { x.exp() }
    /// 2ˣ.
    public static func exp2(_ x: SymbolicTensor) -> SymbolicTensor { (x * 0.693_147_18).exp() }
    /// eˣ − 1, exact near 0.
    public static func expm1(_ x: SymbolicTensor) -> SymbolicTensor { x.expm1() }
    /// The natural logarithm.
    public static func log(_ x: SymbolicTensor) -> SymbolicTensor { x.log() }
    /// log(1 + x), exact near 0.
    public static func log1p(_ x: SymbolicTensor) -> SymbolicTensor { x.log1p() }
    /// The logarithm to base 2.
    public static func log2(_ x: SymbolicTensor) -> SymbolicTensor { x.log() * 1.442_695_04 }
    /// The logarithm to base 10.
    public static func log10(_ x: SymbolicTensor) -> SymbolicTensor { x.log() * 0.434_294_48 }
    /// √x.
    public static func sqrt(_ x: SymbolicTensor) -> SymbolicTensor { x.sqrt() }
    /// 1 / √x.
    public static func rsqrt(_ x: SymbolicTensor) -> SymbolicTensor { x.sqrt().reciprocal() }
    /// x².
    public static func square(_ x: SymbolicTensor) -> SymbolicTensor { x.square() }
    /// 1 / x.
    public static func reciprocal(_ x: SymbolicTensor) -> SymbolicTensor { x.reciprocal() }
    /// The sine of x in radians.
    public static func sin(_ x: SymbolicTensor) -> SymbolicTensor { x.sin() }
    /// The cosine of x in radians.
    public static func cos(_ x: SymbolicTensor) -> SymbolicTensor { x.cos() }
    /// The tangent of x in radians.
    public static func tan(_ x: SymbolicTensor) -> SymbolicTensor { x.sin() / x.cos() }
    /// The hyperbolic sine.
    public static func sinh(_ x: SymbolicTensor) -> SymbolicTensor {
        (x.expm1() - (-x).expm1()) * 0.5
    }
    /// The hyperbolic cosine.
    public static func cosh(_ x: SymbolicTensor) -> SymbolicTensor { (x.exp() + (-x).exp()) * 0.5 }
    /// The hyperbolic tangent.
    public static func tanh(_ x: SymbolicTensor) -> SymbolicTensor { x.tanh() }
    /// The error function.
    public static func erf(_ x: SymbolicTensor) -> SymbolicTensor { x.erf() }
    /// x rounded down.
    public static func floor(_ x: SymbolicTensor) -> SymbolicTensor { x.floor() }
    /// x rounded up.
    public static func ceil(_ x: SymbolicTensor) -> SymbolicTensor { -((-x).floor()) }
    /// x rounded towards 0.
    public static func trunc(_ x: SymbolicTensor) -> SymbolicTensor {
        x.sign() * x.absolute().floor()
    }
    /// x rounded to a number of decimals, halves to even.
    ///
    /// - Parameter decimals: from -30 to 30; negative for digits before the point.
    public static func round(_ x: SymbolicTensor, decimals: Int = 0) -> SymbolicTensor {
        if decimals == 0 { return x.round() }
        return attempt(x) { () throws(GraphError.Problem) in
            guard (-30...30).contains(decimals) else {
                throw .invalidArgument("decimals is \(decimals)", fix: "use -30 to 30")
            }
            let scale = (0..<abs(decimals)).reduce(Float(1)) { scale, _ in scale * 10 }
            return decimals > 0
                ? (x * scale).round() / scale : (x / scale).round() * scale
        }
    }
    /// Each element clipped to `xMin … xMax`.
    public static func clip(_ x: SymbolicTensor, _ xMin: Float, _ xMax: Float) -> SymbolicTensor {
        x.clipped(xMin, xMax)
    }

    // MARK: Conditions

    /// 1 where elements are equal.
    public static func equal(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.equal(to: b)
    }
    /// 1 where elements differ.
    public static func notEqual(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.notEqual(to: b)
    }
    /// 1 where the first element is less than the second.
    public static func less(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.less(than: b)
    }
    /// 1 where the first element is less than or equal to the second.
    public static func lessEqual(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.lessOrEqual(to: b)
    }
    /// 1 where the first element is greater than the second.
    public static func greater(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.greater(than: b)
    }
    /// 1 where the first element is greater than or equal to the second.
    public static func greaterEqual(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.greaterOrEqual(to: b)
    }
    /// Logical and: 1 where both elements are not 0.
    public static func logicalAnd(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.notEqual(to: 0) * b.notEqual(to: 0)
    }
    /// Logical or: 1 where an element is not 0.
    public static func logicalOr(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.notEqual(to: 0).maximum(b.notEqual(to: 0))
    }
    /// Logical exclusive or: 1 where exactly one element is 0.
    public static func logicalXor(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.notEqual(to: 0).notEqual(to: b.notEqual(to: 0))
    }
    /// 1 where the element is NaN.
    public static func isnan(_ x: SymbolicTensor) -> SymbolicTensor { x.notEqual(to: x) }
    /// 1 where the element is infinite.
    public static func isinf(_ x: SymbolicTensor) -> SymbolicTensor {
        x.absolute().equal(to: .infinity)
    }
    /// 1 where the element is finite.
    public static func isfinite(_ x: SymbolicTensor) -> SymbolicTensor {
        x.absolute().less(than: .infinity)
    }
    /// Replaces NaN and infinities.
    ///
    /// - Parameters:
    ///   - posinf: the largest finite number of the type if left out.
    ///   - neginf: the smallest finite number of the type if left out.
    public static func nanToNum(
        _ x: SymbolicTensor, nan: Float = 0, posinf: Float? = nil, neginf: Float? = nil
    ) -> SymbolicTensor {
        // bfloat16 has 8 bits of precision with float32's exponents.
        let largest: Float = x.dtype == .bfloat16 ? 0x1.fep127 : .greatestFiniteMagnitude
        let numbers = isnan(x).select(.constant(nan), x)
        let high = x.equal(to: .infinity).select(.constant(posinf ?? largest), numbers)
        return x.equal(to: -.infinity).select(.constant(neginf ?? -largest), high)
    }
    /// 1 where the element is 0.
    public static func logicalNot(_ x: SymbolicTensor) -> SymbolicTensor { x.equal(to: 0) }
    /// `a` where the condition is not 0, and `b` elsewhere.
    public static func `where`(
        _ condition: SymbolicTensor, _ a: SymbolicTensor, _ b: SymbolicTensor
    ) -> SymbolicTensor { condition.select(a, b) }
    /// Selects from tensors by the first condition that is not 0; `default` elsewhere.
    public static func select(
        _ conditions: [SymbolicTensor], _ choices: [SymbolicTensor],
        default fallback: SymbolicTensor = .constant(0)
    ) -> SymbolicTensor {
        zip(conditions, choices).reversed().reduce(fallback) { $1.0.select($1.1, $0) }
    }
    /// Every element converted to another type.
    public static func cast(_ x: SymbolicTensor, _ dtype: DType) -> SymbolicTensor {
        x.cast(to: dtype)
    }
    /// The same values without a gradient.
    public static func stopGradient(_ x: SymbolicTensor) -> SymbolicTensor { x.stoppingGradient() }
}
