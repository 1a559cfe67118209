internal import StrataGraph

// Elementwise operators work on axes in whatever order they lie.

extension ONNXTranslation {
    mutating func unary(_ function: UnaryFunction, _ x: ONNXValue) throws -> ONNXValue {
        let name = try writer.name(of: x, order: x.order)
        let operatorName: String? =
            switch function {
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
        if let operatorName { return try result(writer.emit(operatorName, [name]), order: x.order) }
        switch function {
        case .expm1:
            let exponential = writer.emit("Exp", [name])
            let one = try writer.number(1)
            return try result(writer.emit("Sub", [exponential, one]), order: x.order)
        case .log1p:
            let one = try writer.number(1)
            let sum = writer.emit("Add", [name, one])
            return try result(writer.emit("Log", [sum]), order: x.order)
        case .square, .negate, .absolute, .sign, .exp, .log, .sqrt, .reciprocal, .sin, .cos, .tanh,
            .sigmoid, .relu, .erf, .floor, .round, .stopGradient:
            return try result(writer.emit("Mul", [name, name]), order: x.order)
        }
    }

    mutating func binary(_ function: BinaryFunction, _ inputs: [ONNXValue]) throws -> ONNXValue {
        let outcome = try result("")
        let isMixed = Set(inputs.map(\.dtype.onnxCode)).count > 1
        let common: DType = function.isComparison ? .float32 : outcome.dtype
        var operands = inputs
        for index in operands.indices where isMixed || !function.isComparison {
            operands[index] = try converted(operands[index], to: common)
        }
        let (names, order) = try aligned(operands, rank: outcome.rank)
        let operatorName =
            switch function {
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
        var name = writer.emit(operatorName, names)
        if function == .notEqual { name = writer.emit("Not", [name]) }
        if function.isComparison { name = castName(name, to: outcome.dtype) }
        return try result(name, order: order)
    }

    mutating func select(_ inputs: [ONNXValue]) throws -> ONNXValue {
        let condition = try converted(inputs[0], to: .bool)
        let outcome = try result("")
        let choices = try inputs.dropFirst().map { try converted($0, to: outcome.dtype) }
        let (names, order) = try aligned([condition] + choices, rank: outcome.rank)
        return try result(writer.emit("Where", names), order: order)
    }

    mutating func cast(_ x: ONNXValue, to dtype: DType) throws -> ONNXValue {
        var value = try converted(x, to: dtype)
        value.dtype = dtype
        return value
    }

    private mutating func converted(_ x: ONNXValue, to dtype: DType) throws -> ONNXValue {
        var x = x
        guard x.dtype.onnxCode != dtype.onnxCode else { return x }
        x.source = .computed(castName(try writer.name(of: x, order: x.order), to: dtype))
        x.dtype = dtype
        return x
    }

    mutating func castName(_ name: String, to dtype: DType) -> String {
        writer.emit("Cast", [name], [("to", .integer(dtype.onnxCode))])
    }

    /// The operands' names with axes in one order, so that broadcasting does what it does for us.
    private mutating func aligned(_ operands: [ONNXValue], rank: Int) throws
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
