/// An elementwise function of one tensor.
package enum UnaryFunction: String, OperationDefinition, CaseIterable {
    case negate
    case absolute
    case sign
    case exp
    case expm1
    case log
    case log1p
    case sqrt
    case reciprocal
    case square
    case sin
    case cos
    case tanh
    case sigmoid
    case relu
    case erf
    case floor
    case round
    /// The identity without a gradient.
    case stopGradient

    package static var prototypes: [Self] { allCases }
    package var name: String { rawValue }
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var role: OperationRole { .elementwise }

    package func flops(_ shapes: CallShapes) -> Double {
        self == .stopGradient ? 0 : shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        inputs
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = gradients[0] else { return [nil] }
        let x = call.inputs[0]
        let y = call.outputs[0]
        let result: SymbolicTensor? =
            switch self {
            case .negate: -g
            case .absolute: g * x.sign()
            case .sign, .floor, .round, .stopGradient: nil
            case .exp: g * y
            case .expm1: g * (y + 1)
            case .log: g / x
            case .log1p: g / (x + 1)
            case .sqrt: g * 0.5 / y
            case .reciprocal: -(g * y.square())
            case .square: g * x * 2
            case .sin: g * x.cos()
            case .cos: -(g * x.sin())
            case .tanh: g * (1 - y.square())
            case .sigmoid: g * y * (1 - y)
            // Keras and oneDNN both use a slope of 0 at 0.
            case .relu: g * y.greater(than: 0)
            // d erf(x)/dx = 2/√π · exp(−x²)
            case .erf: g * (-x.square()).exp() * 1.128_379_2
            }
        return [result]
    }
}

extension UnaryFunction {
    package func padding(_ inputs: [PaddingElement]) -> PaddingElement {
        let x = inputs[0]
        if x == .unknown { return .unknown }
        return switch self {
        case .negate, .absolute, .sign, .square, .stopGradient: x
        case .exp, .sigmoid: .nonzero
        case .log: .unknown
        case .reciprocal: x == .nonzero ? .nonzero : .unknown
        case .sqrt, .log1p: x == .zero ? .zero : .unknown
        case .cos: x == .zero ? .nonzero : .finite
        case .expm1, .sin, .tanh, .relu, .erf, .floor, .round: x == .zero ? .zero : .finite
        }
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        operation.movedBehindReshape(inputs) ?? operation.movedBehindTranspose(inputs)
    }
}

/// A conversion of every element to another type.
package struct Cast: OperationDefinition {
    package var name: String { "cast" }
    package static let prototypes = [Cast(dtype: .float32)]
    package static let attributes: [Attribute<Cast>] = [
        .required("dtype", \.dtype)
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var role: OperationRole { .elementwise }
    package var dtype: DType

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        [TensorType(inputs[0].shape, dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        let source = call.inputs[0].dtype
        guard source.isFloatingPoint, dtype.isFloatingPoint else { return [nil] }
        return [gradients[0]?.cast(to: source)]
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement {
        inputs[0] == .nonzero ? .finite : inputs[0]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        if inputs[0].type?.dtype == dtype { return inputs }
        return operation.movedBehindReshape(inputs) ?? operation.movedBehindTranspose(inputs)
    }
}

extension SymbolicTensor {
    private func applying(_ function: UnaryFunction) -> SymbolicTensor {
        .apply(.unary(function), self)
    }

    public static prefix func - (x: SymbolicTensor) -> SymbolicTensor { x.applying(.negate) }
    /// |x|, elementwise.
    public func absolute() -> SymbolicTensor { applying(.absolute) }
    /// The sign of x: −1, 0 or 1.
    public func sign() -> SymbolicTensor { applying(.sign) }
    /// eˣ, elementwise.
    public func exp() -> SymbolicTensor { applying(.exp) }
    /// eˣ − 1, exact near 0.
    public func expm1() -> SymbolicTensor { applying(.expm1) }
    /// The natural logarithm, elementwise.
    public func log() -> SymbolicTensor { applying(.log) }
    /// log(1 + x), exact near 0.
    public func log1p() -> SymbolicTensor { applying(.log1p) }
    /// √x, elementwise.
    public func sqrt() -> SymbolicTensor { applying(.sqrt) }
    /// 1 / x, elementwise.
    public func reciprocal() -> SymbolicTensor { applying(.reciprocal) }
    /// x², elementwise.
    public func square() -> SymbolicTensor { applying(.square) }
    /// The sine of x in radians.
    public func sin() -> SymbolicTensor { applying(.sin) }
    /// The cosine of x in radians.
    public func cos() -> SymbolicTensor { applying(.cos) }
    /// The hyperbolic tangent, elementwise.
    public func tanh() -> SymbolicTensor { applying(.tanh) }
    /// 1 / (1 + e⁻ˣ), elementwise.
    public func sigmoid() -> SymbolicTensor { applying(.sigmoid) }
    /// max(x, 0), elementwise.
    public func relu() -> SymbolicTensor { applying(.relu) }
    /// The error function, elementwise.
    public func erf() -> SymbolicTensor { applying(.erf) }
    /// x rounded down.
    public func floor() -> SymbolicTensor { applying(.floor) }
    /// x rounded to the nearest integer, halves to even.
    public func round() -> SymbolicTensor { applying(.round) }
    /// The same values without a gradient.
    public func stoppingGradient() -> SymbolicTensor { applying(.stopGradient) }

    /// Every element converted to another type.
    public func cast(to dtype: DType) -> SymbolicTensor {
        dtype == self.dtype ? self : .apply(.cast(dtype), self)
    }

    /// Integers and booleans as `float32`.
    package var inFloatingPoint: SymbolicTensor { cast(to: dtype.fractional) }

    /// What meets weights: integers and booleans in their type, as in Keras's promotion table.
    package func promoted(for weights: SymbolicTensor) -> SymbolicTensor {
        dtype.isFloatingPoint || !weights.dtype.isFloatingPoint ? self : cast(to: weights.dtype)
    }
}
