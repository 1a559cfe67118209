internal import StrataGraph

// Elementwise operators and reductions work on axes in any order.

extension UnaryFunction: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let name = try onnx.writer.name(of: x, order: x.order)
        let operatorName: String? =
            switch self {
            case .negate: "Neg"
            case .absolute: "Abs"
            case .sign: "Sign"
            case .exp: "Exp"
            case .log: "Log"
            case .sqrt: "Sqrt"
            case .reciprocal: "Reciprocal"
            case .sin: "Sin"
            case .cos: "Cos"
            case .tanh: "Tanh"
            case .sigmoid: "Sigmoid"
            case .relu: "Relu"
            case .erf: "Erf"
            case .floor: "Floor"
            case .round: "Round"
            case .stopGradient: "Identity"
            case .expm1, .log1p, .square: nil
            }
        if let operatorName {
            return try onnx.result(onnx.writer.emit(operatorName, [name]), order: x.order)
        }
        switch self {
        case .expm1:
            let exponential = onnx.writer.emit("Exp", [name])
            let one = try onnx.writer.number(1)
            return try onnx.result(onnx.writer.emit("Sub", [exponential, one]), order: x.order)
        case .log1p:
            let one = try onnx.writer.number(1)
            let sum = onnx.writer.emit("Add", [name, one])
            return try onnx.result(onnx.writer.emit("Log", [sum]), order: x.order)
        case .square, .negate, .absolute, .sign, .exp, .log, .sqrt, .reciprocal, .sin, .cos, .tanh,
            .sigmoid, .relu, .erf, .floor, .round, .stopGradient:
            return try onnx.result(onnx.writer.emit("Mul", [name, name]), order: x.order)
        }
    }
}

extension BinaryFunction: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let outcome = try onnx.result("")
        let isMixed = Set(inputs.map(\.dtype.onnxCode)).count > 1
        let common: DType = isComparison ? .float32 : outcome.dtype
        var operands = inputs
        for index in operands.indices where isMixed || !isComparison {
            operands[index] = try onnx.converted(operands[index], to: common)
        }
        let (names, order) = try onnx.aligned(operands, rank: outcome.rank)
        let operatorName =
            switch self {
            case .add: "Add"
            case .subtract: "Sub"
            case .multiply: "Mul"
            case .divide: "Div"
            case .maximum: "Max"
            case .minimum: "Min"
            case .power: "Pow"
            case .equal, .notEqual: "Equal"
            case .less: "Less"
            case .lessEqual: "LessOrEqual"
            case .greater: "Greater"
            case .greaterEqual: "GreaterOrEqual"
            }
        var name = onnx.writer.emit(operatorName, names)
        if self == .notEqual { name = onnx.writer.emit("Not", [name]) }
        if isComparison { name = onnx.castName(name, to: outcome.dtype) }
        return try onnx.result(name, order: order)
    }
}

extension Select: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let condition = try onnx.converted(inputs[0], to: .bool)
        let outcome = try onnx.result("")
        let choices = try inputs.dropFirst().map { try onnx.converted($0, to: outcome.dtype) }
        let (names, order) = try onnx.aligned([condition] + choices, rank: outcome.rank)
        return try onnx.result(onnx.writer.emit("Where", names), order: order)
    }
}

extension Cast: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        var value = try onnx.converted(inputs[0], to: dtype)
        value.dtype = dtype
        return value
    }
}

extension Reduction: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        try kind.onnxValue(
            of: inputs[0], axes: axes, keepsDimensions: keepDimensions, in: &onnx)
    }
}

extension Reduction.Kind {
    func onnxValue(
        of x: ONNXValue, axes reducedAxes: [Int], keepsDimensions: Bool,
        in onnx: inout ONNXTranslation
    ) throws -> ONNXValue {
        let operatorName =
            switch self {
            case .sum: "ReduceSum"
            case .mean: "ReduceMean"
            case .maximum: "ReduceMax"
            case .minimum: "ReduceMin"
            case .product: "ReduceProd"
            }
        let axes = reducedAxes.map { x.order[$0] }.sorted()
        let name = try onnx.writer.name(of: x, order: x.order)
        let reduced = onnx.writer.reduce(
            operatorName, name, axes: axes, keepsDimensions: keepsDimensions)
        let order = keepsDimensions ? x.order : x.order(without: reducedAxes)
        return try onnx.result(reduced, order: order)
    }
}

extension ArgMax: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let name = onnx.writer.emit(
            "ArgMax", [try onnx.writer.name(of: x, order: x.order)],
            [("axis", .integer(x.order[axis])), ("keepdims", .integer(0))])
        return try onnx.result(onnx.castName(name, to: .int32), order: x.order(without: [axis]))
    }
}

extension CumulativeSum: ONNXConvertible {
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        let x = inputs[0]
        let position = Int32(x.order[axis])
        let axisName = try onnx.writer.name(
            of: ONNXValue(
                source: .constant(
                    Tensor(storage: .int32([position]), shape: []), name: "axis_\(position)"),
                dtype: .int32, shape: [], order: []))
        let name = onnx.writer.emit(
            "CumSum", [try onnx.writer.name(of: x, order: x.order), axisName],
            [
                ("exclusive", .integer(isExclusive ? 1 : 0)),
                ("reverse", .integer(isReversed ? 1 : 0)),
            ])
        return try onnx.result(name, order: x.order)
    }
}

extension ONNXTranslation {
    fileprivate mutating func converted(_ x: ONNXValue, to dtype: DType) throws -> ONNXValue {
        var x = x
        guard x.dtype.onnxCode != dtype.onnxCode else { return x }
        x.source = .computed(castName(try writer.name(of: x, order: x.order), to: dtype))
        x.dtype = dtype
        return x
    }

    mutating func castName(_ name: String, to dtype: DType) -> String {
        writer.emit("Cast", [name], [("to", .integer(dtype.onnxCode))])
    }

    /// The operands' names with axes in one order, so that broadcasting is the same.
    fileprivate mutating func aligned(_ operands: [ONNXValue], rank: Int) throws
        -> (names: [String], order: [Int])
    {
        let own = Array(0..<rank)
        let computed = operands.filter { !$0.isConstant && $0.rank > 0 }
        let isFull = computed.allSatisfy { $0.rank == rank }
        let order = isFull ? computed.map(\.order).first { $0 != own } ?? own : own
        let names = try operands.map { operand -> String in
            guard order != own, operand.rank > 0 else { return try writer.name(of: operand) }
            var operand = operand
            if operand.rank < rank, case .constant(let tensor, let name) = operand.source {
                let shape = Array(repeating: 1, count: rank - operand.rank) + tensor.shape
                operand = ONNXValue(
                    source: .constant(try tensor.reshaped(shape), name: name), dtype: operand.dtype,
                    shape: shape.map { .fixed($0) }, order: own)
            }
            return try writer.name(of: operand, order: order)
        }
        return (names, order)
    }
}

extension ONNXValue {
    /// The order of the remaining axes after some are removed.
    fileprivate func order(without axes: [Int]) -> [Int] {
        let left = order.indices.filter { !axes.contains($0) }.map { order[$0] }
        return left.map { position in left.filter { $0 < position }.count }
    }
}
