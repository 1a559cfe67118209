internal import CKernels
internal import StrataGraph

extension UnaryFunction {
    var opcode: strata_opcode {
        switch self {
        case .negate: strata_negate
        case .absolute: strata_absolute
        case .sign: strata_sign
        case .exp: strata_exp
        case .expm1: strata_expm1
        case .log: strata_log
        case .log1p: strata_log1p
        case .sqrt: strata_sqrt
        case .reciprocal: strata_reciprocal
        case .square: strata_square
        case .sin: strata_sin
        case .cos: strata_cos
        case .tanh: strata_tanh
        case .sigmoid: strata_sigmoid
        case .relu: strata_relu
        case .erf: strata_erf
        case .floor: strata_floor
        case .round: strata_round
        case .stopGradient: strata_copy
        }
    }
}

extension BinaryFunction {
    var opcode: strata_opcode {
        switch self {
        case .add: strata_add
        case .subtract: strata_subtract
        case .multiply: strata_multiply
        case .divide: strata_divide
        case .maximum: strata_maximum
        case .minimum: strata_minimum
        case .power: strata_power
        case .equal: strata_equal
        case .notEqual: strata_not_equal
        case .less: strata_less
        case .lessEqual: strata_less_equal
        case .greater: strata_greater
        case .greaterEqual: strata_greater_equal
        }
    }

    /// The instruction for whole numbers, where there is one.
    var integerOpcode: strata_opcode? {
        switch self {
        case .add: strata_int_add
        case .subtract: strata_int_subtract
        case .multiply: strata_int_multiply
        case .maximum: strata_int_maximum
        case .minimum: strata_int_minimum
        case .divide, .power, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: nil
        }
    }
}

extension FusedElementwise {
    /// Copies elements from one type to another.
    static func conversion(
        count: Int, from source: (buffer: Int, dtype: DType), to result: (buffer: Int, dtype: DType)
    ) -> FusedElementwise {
        let opcode: strata_opcode =
            switch result.dtype {
            case .int32: source.dtype == .int32 ? strata_copy : strata_float_to_int
            case .bool: strata_float_to_bool
            case .float32, .bfloat16, .uint8:
                source.dtype == .int32 ? strata_int_to_float : strata_copy
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
        let opcode: strata_opcode =
            switch self {
            case .relu: strata_relu
            case .tanh: strata_tanh
            case .sigmoid: strata_sigmoid
            case nil: strata_copy
            }
        return Int32(opcode.rawValue)
    }
}
