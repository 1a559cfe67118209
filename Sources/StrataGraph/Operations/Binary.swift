/// An elementwise function of two tensors, with NumPy's broadcasting.
///
/// Comparisons give 1 for true and 0 for false.
package enum BinaryFunction: String, OperationDefinition, CaseIterable {
    case add
    case subtract
    case multiply
    case divide
    case maximum
    case minimum
    case power
    case equal
    case notEqual
    case less
    case lessEqual
    case greater
    case greaterEqual

    package static var prototypes: [Self] { allCases }
    package var name: String { rawValue }
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var role: OperationRole { .elementwise }

    package var isComparison: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .maximum, .minimum, .power: false
        case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
        }
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard let shape = inputs[0].shape.broadcast(with: inputs[1].shape) else {
            throw .notBroadcastable(inputs[0].shape, inputs[1].shape)
        }
        let dtype: DType =
            if isComparison {
                inputs.allSatisfy { $0.dtype == .bfloat16 } ? .bfloat16 : .float32
            } else if inputs[0].dtype == inputs[1].dtype {
                inputs[0].dtype
            } else {
                // Integers are promoted to floating-point types, as in Keras's promotion table.
                inputs[0].dtype.isFloatingPoint && inputs[0].dtype != .bfloat16
                    || !inputs[1].dtype.isFloatingPoint ? inputs[0].dtype : inputs[1].dtype
            }
        return [TensorType(shape, dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = gradients[0] else { return [nil, nil] }
        let (a, b) = (call.inputs[0], call.inputs[1])
        let y = call.outputs[0]
        let (left, right): (SymbolicTensor?, SymbolicTensor?) =
            switch self {
            case .add: (g, g)
            case .subtract: (g, -g)
            case .multiply: (g * b, g * a)
            case .divide: (g / b, -(g * y / b))
            case .maximum: (g * a.greaterOrEqual(to: b), g * a.less(than: b))
            case .minimum: (g * a.lessOrEqual(to: b), g * a.greater(than: b))
            case .power: (g * b * a.power(b - 1), g * y * a.log())
            case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: (nil, nil)
            }
        return [
            a.dtype.isFloatingPoint ? left?.summed(to: a.shape).cast(to: a.dtype) : nil,
            b.dtype.isFloatingPoint ? right?.summed(to: b.shape).cast(to: b.dtype) : nil,
        ]
    }
}

extension BinaryFunction {
    package func padding(_ inputs: [PaddingElement]) -> PaddingElement {
        let (a, b) = (inputs[0], inputs[1])
        let areZero = a == .zero && b == .zero
        switch self {
        case .equal, .lessEqual, .greaterEqual: return areZero ? .nonzero : .finite
        case .notEqual, .less, .greater: return areZero ? .zero : .finite
        case .add, .subtract, .multiply, .divide, .maximum, .minimum, .power: break
        }
        if a == .unknown || b == .unknown || self == .power { return .unknown }
        if self == .divide {
            if b == .nonzero { return a }
            // A divisor of the data is not 0, otherwise the data are lost as well.
            return b == .finite && a == .zero ? .zero : .unknown
        }
        if self == .multiply, a == .zero || b == .zero { return .zero }
        if self == .multiply, a == .nonzero && b == .nonzero { return .nonzero }
        return areZero ? .zero : .finite
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        if let scalars = withScalarsInBfloat16(inputs) {
            return SymbolicTensor.applying(operation, scalars)
        }
        return withoutNeutralOperand(inputs).map { [$0] } ?? withBias(inputs)
            ?? operation.movedBehindReshape(inputs) ?? operation.movedBehindTranspose(inputs)
    }

    /// A scalar beside a `bfloat16` tensor takes its type, as Keras's weakly typed scalars;
    /// otherwise the result and everything after it would be `float32`.
    private func withScalarsInBfloat16(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard inputs.contains(where: { $0.dtype == .bfloat16 }) else { return nil }
        var changed = inputs
        for (index, input) in inputs.enumerated() where input.dtype == .float32 {
            guard case .constant(let scalar)? = input.node?.operation, scalar.rank == 0 else {
                return nil
            }
            changed[index] = .constant(scalar.cast(to: .bfloat16))
        }
        return changed.map(\.dtype) == inputs.map(\.dtype) ? nil : changed
    }

    private func withoutNeutralOperand(_ inputs: [SymbolicTensor]) -> SymbolicTensor? {
        let (a, b) = (inputs[0], inputs[1])
        let neutral: Float? =
            switch self {
            case .add, .subtract: 0
            case .multiply, .divide, .power: 1
            case .maximum, .minimum, .equal, .notEqual, .less, .lessEqual, .greater,
                .greaterEqual:
                nil
            }
        guard let neutral else { return nil }
        if b.isConstant(neutral), a.dtype.isFloatingPoint { return a }
        let commutes = self == .add || self == .multiply
        if commutes, a.isConstant(neutral), b.dtype.isFloatingPoint { return b }
        return nil
    }
}

/// The first value where the condition is not 0, the second elsewhere; all three broadcast.
package struct Select: OperationDefinition {
    package var name: String { "select" }
    package static let prototypes = [Select()]
    package var inputCounts: ClosedRange<Int> { 3...3 }
    package var role: OperationRole { .elementwise }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard let values = inputs[1].shape.broadcast(with: inputs[2].shape) else {
            throw .notBroadcastable(inputs[1].shape, inputs[2].shape)
        }
        guard let shape = inputs[0].shape.broadcast(with: values) else {
            throw .notBroadcastable(inputs[0].shape, values)
        }
        return [TensorType(shape, inputs[1].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = gradients[0] else { return [nil, nil, nil] }
        let condition = call.inputs[0]
        let zero = SymbolicTensor.constant(0)
        return [
            nil,
            condition.select(g, zero).summed(to: call.inputs[1].shape),
            condition.select(zero, g).summed(to: call.inputs[2].shape),
        ]
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement {
        switch inputs[0] {
        case .zero: inputs[2]
        case .nonzero: inputs[1]
        case .finite, .unknown:
            inputs[1] == .zero && inputs[2] == .zero
                ? .zero : (inputs[1...].contains(.unknown) ? .unknown : .finite)
        }
    }
}

extension SymbolicTensor {
    private func applying(_ function: BinaryFunction, _ other: SymbolicTensor) -> SymbolicTensor {
        .apply(.binary(function), self, other)
    }

    public static func + (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor {
        a.applying(.add, b)
    }
    public static func - (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor {
        a.applying(.subtract, b)
    }
    public static func * (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor {
        a.applying(.multiply, b)
    }
    public static func / (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor {
        a.applying(.divide, b)
    }
    public static func + (a: SymbolicTensor, b: Float) -> SymbolicTensor { a + .constant(b) }
    public static func - (a: SymbolicTensor, b: Float) -> SymbolicTensor { a - .constant(b) }
    public static func * (a: SymbolicTensor, b: Float) -> SymbolicTensor { a * .constant(b) }
    public static func / (a: SymbolicTensor, b: Float) -> SymbolicTensor { a / .constant(b) }
    public static func + (a: Float, b: SymbolicTensor) -> SymbolicTensor { .constant(a) + b }
    public static func - (a: Float, b: SymbolicTensor) -> SymbolicTensor { .constant(a) - b }
    public static func * (a: Float, b: SymbolicTensor) -> SymbolicTensor { .constant(a) * b }
    public static func / (a: Float, b: SymbolicTensor) -> SymbolicTensor { .constant(a) / b }

    // For variables of other types; literals are `Float`.
    @_disfavoredOverload
    public static func + (a: SymbolicTensor, b: some TensorScalar) -> SymbolicTensor { a + b.float }
    @_disfavoredOverload
    public static func - (a: SymbolicTensor, b: some TensorScalar) -> SymbolicTensor { a - b.float }
    @_disfavoredOverload
    public static func * (a: SymbolicTensor, b: some TensorScalar) -> SymbolicTensor { a * b.float }
    @_disfavoredOverload
    public static func / (a: SymbolicTensor, b: some TensorScalar) -> SymbolicTensor { a / b.float }
    @_disfavoredOverload
    public static func + (a: some TensorScalar, b: SymbolicTensor) -> SymbolicTensor { a.float + b }
    @_disfavoredOverload
    public static func - (a: some TensorScalar, b: SymbolicTensor) -> SymbolicTensor { a.float - b }
    @_disfavoredOverload
    public static func * (a: some TensorScalar, b: SymbolicTensor) -> SymbolicTensor { a.float * b }
    @_disfavoredOverload
    public static func / (a: some TensorScalar, b: SymbolicTensor) -> SymbolicTensor { a.float / b }

    /// The larger of two elements.
    public func maximum(_ other: SymbolicTensor) -> SymbolicTensor { applying(.maximum, other) }
    /// The smaller of two elements.
    public func minimum(_ other: SymbolicTensor) -> SymbolicTensor { applying(.minimum, other) }
    /// The maximum of each element and `bound`.
    public func maximum(_ bound: Float) -> SymbolicTensor { maximum(.constant(bound)) }
    /// The minimum of each element and `bound`.
    public func minimum(_ bound: Float) -> SymbolicTensor { minimum(.constant(bound)) }
    /// Each element clipped to `low … high`.
    public func clipped(_ low: Float, _ high: Float) -> SymbolicTensor {
        maximum(low).minimum(high)
    }
    /// Each element raised to a power.
    public func power(_ exponent: SymbolicTensor) -> SymbolicTensor { applying(.power, exponent) }
    /// Each element raised to a power.
    public func power(_ exponent: Float) -> SymbolicTensor { power(.constant(exponent)) }
    /// 1 where elements are equal, else 0.
    public func equal(to other: SymbolicTensor) -> SymbolicTensor { applying(.equal, other) }
    /// 1 where elements are equal to a scalar, else 0.
    public func equal(to other: Float) -> SymbolicTensor { equal(to: .constant(other)) }
    /// 1 where elements differ, else 0.
    public func notEqual(to other: SymbolicTensor) -> SymbolicTensor { applying(.notEqual, other) }
    /// 1 where elements differ from a scalar, else 0.
    public func notEqual(to other: Float) -> SymbolicTensor { notEqual(to: .constant(other)) }
    /// 1 where elements are less than others, else 0.
    public func less(than other: SymbolicTensor) -> SymbolicTensor { applying(.less, other) }
    /// 1 where elements are less than a scalar, else 0.
    public func less(than other: Float) -> SymbolicTensor { less(than: .constant(other)) }
    /// 1 where elements are less than or equal to others, else 0.
    public func lessOrEqual(to other: SymbolicTensor) -> SymbolicTensor {
        applying(.lessEqual, other)
    }
    /// 1 where elements are less than or equal to a scalar, else 0.
    public func lessOrEqual(to other: Float) -> SymbolicTensor {
        lessOrEqual(to: .constant(other))
    }
    /// 1 where elements are greater than others, else 0.
    public func greater(than other: SymbolicTensor) -> SymbolicTensor { applying(.greater, other) }
    /// 1 where elements are greater than a scalar, else 0.
    public func greater(than other: Float) -> SymbolicTensor { greater(than: .constant(other)) }
    /// 1 where elements are greater than or equal to others, else 0.
    public func greaterOrEqual(to other: SymbolicTensor) -> SymbolicTensor {
        applying(.greaterEqual, other)
    }
    /// 1 where elements are greater than or equal to a scalar, else 0.
    public func greaterOrEqual(to other: Float) -> SymbolicTensor {
        greaterOrEqual(to: .constant(other))
    }
    /// Selects `a` where this tensor is not 0, and `b` elsewhere.
    public func select(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        .apply(.select, self, a, b)
    }

    /// Sums over broadcast axes, so that the result has `shape` again.
    package func summed(to shape: Shape) -> SymbolicTensor {
        if self.shape == shape { return self }
        let extra = rank - shape.rank
        if extra < 0 { return broadcast(to: shape) }
        let axes = (0..<rank).filter { axis in
            axis < extra || (shape[axis - extra] == 1 && self.shape[axis] != 1)
        }
        if axes.isEmpty { return self.shape == shape ? self : broadcast(to: shape) }
        let summed = sum(axes: axes, keepDimensions: true)
        return extra == 0 ? summed : summed.reshaped(shape)
    }
}

extension TensorScalar {
    fileprivate var float: Float { Float(Tensor(self)) }
}
