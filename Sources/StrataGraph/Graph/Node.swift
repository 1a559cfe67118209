/// One call of an operation on values that are computed before it.
package final class Node: InputHolder, Sendable {
    package let operation: Operation
    // Written only while the node is being freed.
    nonisolated(unsafe) package private(set) var inputs: [SymbolicTensor]
    package let outputs: [TensorType]

    package init(_ operation: Operation, inputs: [SymbolicTensor], outputs: [TensorType]) {
        self.operation = operation
        self.inputs = inputs
        self.outputs = outputs
    }

    deinit { releaseInputs() }

    package func takeInputs() -> [SymbolicTensor] {
        defer { inputs = [] }
        return inputs
    }
}

extension SymbolicTensor {
    /// Applies an operation: all its outputs, or as many tensors that carry the error.
    package static func applying(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]
    {
        let failures = inputs.compactMap(\.error)
        if let first = failures.first {
            return Array(
                repeating: SymbolicTensor(failure: first), count: operation.outputCount)
        }
        do throws(GraphError.Problem) {
            try operation.checkCall(inputCount: inputs.count)
            if let rewritten = operation.rewritten(for: inputs) { return rewritten }
            let types = try operation.outputTypes(inputs.compactMap(\.type))
            if let type = types.first(where: { !$0.shape.isPossible }) {
                throw type.impossibility(of: operation.name)
            }
            let node = Node(operation, inputs: inputs, outputs: types)
            return types.indices.map { SymbolicTensor(node, output: $0) }
        } catch {
            return Array(
                repeating: SymbolicTensor(failure: GraphError(error)), count: operation.outputCount)
        }
    }

    package static func apply(_ operation: Operation, _ inputs: SymbolicTensor...)
        -> SymbolicTensor
    {
        applying(operation, inputs)[0]
    }
}

extension TensorType {
    /// The reason why a result of this type is not possible.
    func impossibility(of name: String) -> GraphError.Problem {
        let known = shape.dimensions.compactMap(\.self)
        if known.contains(where: { $0 < 0 }) { return .impossibleResult(name, shape) }
        return .tooLarge(
            what: "the result of \(name)", shape: shape, byteCount: leastByteCount,
            available: nil)
    }

    /// The memory that a tensor of this type takes, with one of each unknown dimension.
    package var leastByteCount: Double {
        shape.dimensions.reduce(Double(dtype.byteCount)) { $0 * Double($1 ?? 1) }
    }
}
