extension Operation {
    /// A simpler form of a call with a valid number of inputs, or `nil` if there is none.
    ///
    /// These rules run while a graph is traced, before it is differentiated, so that gradients are
    /// simple too. The important one moves reshapes behind elementwise operations: Flatten,
    /// Dropout, Dense becomes Dropout on the image, then one inner product that reads the image in
    /// whatever layout it has.
    func rewritten(for inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        definition?.rewritten(self, inputs)
    }

    /// `f(reshape(x), scalars…)` as `reshape(f(x, scalars…))`.
    func movedBehindReshape(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard let index = onlyTensor(inputs), let source = inputs[index].reshapeSource,
            let count = source.shape.elementCount,
            inputs[index].shape.elementCount == count
        else { return nil }
        var moved = inputs
        moved[index] = source
        return SymbolicTensor.applying(self, moved).map { $0.reshaped(inputs[index].shape) }
    }

    /// `f(transpose(x), scalars…)` as `transpose(f(x, scalars…))`: with channels first, the transposes
    /// at the end of one layer and the beginning of the next then meet, and are nothing together.
    func movedBehindTranspose(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard let index = onlyTensor(inputs), let (source, order) = inputs[index].transposeSource
        else { return nil }
        var moved = inputs
        moved[index] = source
        return SymbolicTensor.applying(self, moved).map { $0.transposed(order) }
    }

    /// The index of the only input that is not a scalar.
    private func onlyTensor(_ inputs: [SymbolicTensor]) -> Int? {
        let positions = inputs.indices.filter { inputs[$0].rank > 0 }
        return positions.count == 1 ? positions[0] : nil
    }
}

extension SymbolicTensor {
    /// The source of this reshape.
    var reshapeSource: SymbolicTensor? {
        guard let node, case .reshape = node.operation else { return nil }
        return node.inputs[0]
    }

    /// The source of this transpose, and its order.
    var transposeSource: (source: SymbolicTensor, order: [Int])? {
        guard let node, case .transpose(let transpose) = node.operation else { return nil }
        return (node.inputs[0], transpose.order)
    }

    /// Whether this is the scalar `value`.
    func isConstant(_ value: Float) -> Bool {
        guard let node, case .constant(let tensor) = node.operation, tensor.rank == 0 else {
            return false
        }
        return tensor.scalars.first == value
    }
}
