internal import CKernels
internal import StrataGraph

extension UnaryFunction {
    var opcode: ck_opcode {
        switch self {
        case .negate: ck_negate
        case .absolute: ck_absolute
        case .sign: ck_sign
        case .exp: ck_exp
        case .expm1: ck_expm1
        case .log: ck_log
        case .log1p: ck_log1p
        case .sqrt: ck_sqrt
        case .reciprocal: ck_reciprocal
        case .square: ck_square
        case .sin: ck_sin
        case .cos: ck_cos
        case .tanh: ck_tanh
        case .sigmoid: ck_sigmoid
        case .relu: ck_relu
        case .erf: ck_erf
        case .floor: ck_floor
        case .round: ck_round
        case .stopGradient: ck_copy
        }
    }
}

extension BinaryFunction {
    var opcode: ck_opcode {
        switch self {
        case .add: ck_add
        case .subtract: ck_subtract
        case .multiply: ck_multiply
        case .divide: ck_divide
        case .maximum: ck_maximum
        case .minimum: ck_minimum
        case .power: ck_power
        case .equal: ck_equal
        case .notEqual: ck_not_equal
        case .less: ck_less
        case .lessEqual: ck_less_equal
        case .greater: ck_greater
        case .greaterEqual: ck_greater_equal
        }
    }

    /// The instruction for whole numbers, where there is one.
    var integerOpcode: ck_opcode? {
        switch self {
        case .add: ck_int_add
        case .subtract: ck_int_subtract
        case .multiply: ck_int_multiply
        case .maximum: ck_int_maximum
        case .minimum: ck_int_minimum
        case .divide, .power, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: nil
        }
    }
}

extension FusedElementwise {
    /// Copies elements from one type to another.
    static func conversion(
        count: Int, from source: (buffer: Int, dtype: DType), to result: (buffer: Int, dtype: DType)
    ) -> FusedElementwise {
        let opcode: ck_opcode =
            switch result.dtype {
            case .int32: source.dtype == .int32 ? ck_copy : ck_float_to_int
            case .bool: ck_float_to_bool
            case .float32, .bfloat16, .uint8: source.dtype == .int32 ? ck_int_to_float : ck_copy
            }
        return FusedElementwise(
            count: count,
            slots: [
                Slot(kind: .full(buffer: source.buffer), dtype: source.dtype),
                Slot(kind: .full(buffer: result.buffer), dtype: result.dtype, isOutput: true),
            ], instructions: [Instruction(opcode: opcode, destination: 1, operands: [0])])
    }
}

extension Activation? {
    /// The opcode of fused elementwise kernels, as our other kernels take it.
    var opcode: Int32 {
        let opcode: ck_opcode =
            switch self {
            case .relu: ck_relu
            case .tanh: ck_tanh
            case .sigmoid: ck_sigmoid
            case nil: ck_copy
            }
        return Int32(opcode.rawValue)
    }
}
