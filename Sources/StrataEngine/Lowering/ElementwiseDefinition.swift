internal import CKernels
internal import StrataGraph

/// An operation that can be part of a fused elementwise kernel.
protocol ElementwiseDefinition: OperationDefinition {
    /// Appends the operation's instructions, and gives the slot of the result.
    ///
    /// - Parameters:
    ///   - inputs: the slots of the inputs.
    ///   - dtype: that of the result; a result in `float32` is converted to it by the caller.
    ///   - assembly: the kernel so far.
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int
}

extension UnaryFunction: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        assembly.emit(opcode, [assembly.asFloat(inputs[0])], .float32)
    }
}

extension BinaryFunction: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        if let opcode = integerOpcode, inputs.allSatisfy({ assembly.isInteger($0) }) {
            return assembly.emit(opcode, inputs, .int32)
        }
        return assembly.emit(opcode, inputs.map { assembly.asFloat($0) }, .float32)
    }
}

extension Select: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        if assembly.isInteger(inputs[1]), assembly.isInteger(inputs[2]) {
            let condition = assembly.asFloat(inputs[0])
            return assembly.emit(strata_select, [condition, inputs[1], inputs[2]], .int32)
        }
        return assembly.emit(strata_select, inputs.map { assembly.asFloat($0) }, .float32)
    }
}

extension Cast: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        assembly.copy(inputs[0], dtype)
    }
}

extension Broadcast: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        assembly.copy(inputs[0], dtype)
    }
}

extension Dropout: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        let x = assembly.asFloat(inputs[0])
        let rowSize = inputs.count == 3 ? rowElementCount(of: assembly.shape) : 0
        return assembly.emit(
            strata_dropout, [x] + inputs[1...], .float32, rate: rate, key: key, rowSize: rowSize)
    }
}

extension RandomUniform: ElementwiseDefinition {
    func assemble(_ inputs: [Int], _ dtype: DType, _ assembly: inout ElementwiseAssembly) -> Int {
        assembly.emit(
            strata_random, inputs, .float32, key: key,
            rowSize: inputs.count == 2 ? rowElementCount : 0)
    }
}

extension ElementwiseAssembly {
    fileprivate mutating func copy(_ input: Int, _ dtype: DType) -> Int {
        if dtype == .int32, isInteger(input) { return emit(strata_copy, [input], .int32) }
        return emit(strata_copy, [asFloat(input)], .float32)
    }
}
