extension Graph {
    /// The same computation with `float32` instead of `bfloat16`, for processors without it;
    /// inputs, outputs and variables keep their types.
    package func computedInFloat32() -> Graph {
        var made: [Call] = []
        /// The outputs of this graph's nodes in the new one.
        var results: [[Value]] = []
        func add(_ operation: Operation, _ inputs: [Value], _ outputs: [TensorType]) -> Value {
            made.append(Call(operation: operation, inputs: inputs, outputs: outputs))
            return Value(node: made.count - 1, output: 0)
        }
        func cast(_ value: Value, to dtype: DType) -> Value {
            let own = made[value.node].outputs[value.output]
            if own.dtype == dtype { return value }
            // From one host call to the next as it is: a sum over ranks that is in flight has no copy.
            if case .cast = made[value.node].operation, let source = made[value.node].inputs.first,
                case .hostCall = made[source.node].operation,
                made[source.node].outputs[source.output].dtype == dtype
            {
                return source
            }
            return add(.cast(dtype), [value], [TensorType(own.shape, dtype)])
        }
        func moved(_ value: Value) -> Value {
            results[value.node][value.output]
        }
        for node in nodes {
            let inputs = node.inputs.map(moved)
            let outputs = node.outputs.map { output in
                output.dtype == .bfloat16 ? TensorType(output.shape, .float32) : output
            }
            if case .constant(let tensor) = node.operation {
                let widened = tensor.dtype == .bfloat16 ? tensor.cast(to: .float32) : tensor
                results.append([add(.constant(widened), [], outputs)])
            } else if case .cast = node.operation {
                results.append([cast(inputs[0], to: outputs[0].dtype)])
            } else if node.operation.keepsTypes {
                let given = zip(inputs, node.inputs).map { cast($0, to: self[$1].dtype) }
                let own = add(node.operation, given, node.outputs)
                results.append(
                    outputs.enumerated().map { output, type in
                        cast(Value(node: own.node, output: output), to: type.dtype)
                    })
            } else {
                let first = add(node.operation, inputs, outputs)
                results.append(
                    outputs.indices.map { Value(node: first.node, output: $0) })
            }
        }
        let computed = outputs.map { cast(moved($0), to: self[$0].dtype) }
        let values = updates.map {
            Update(variable: $0.variable, value: cast(moved($0.value), to: self[$0.value].dtype))
        }
        return Graph(nodes: made, outputs: computed, updates: values)
    }
}

extension Operation {
    /// Whether the types are given from outside of the computation.
    fileprivate var keepsTypes: Bool {
        if case .input = self { return true }
        if case .hostCall = self { return true }
        if case .variable = self { return true }
        return false
    }
}
