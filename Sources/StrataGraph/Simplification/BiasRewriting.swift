extension BinaryFunction {
    /// `convolution(x, k) + bias` as `convolution(x, k, bias)`, and so for inner products.
    ///
    /// Keras adds a bias by an operation of its own. The gradient of a call with a bias has that of the bias in it.
    func withBias(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard self == .add else { return nil }
        for (product, bias) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])]
        where bias.isGiven {
            if let sum = product.includingBias(bias) { return [sum] }
        }
        return nil
    }
}

extension SymbolicTensor {
    /// Whether this is a leaf, perhaps in another shape or type: only such a sum is surely a layer's, whose product
    /// nothing else reads.
    fileprivate var isGiven: Bool {
        var tensor = self
        while let node = tensor.node {
            guard node.operation.role != .leaf else { return true }
            guard node.operation.keepsElements else { return false }
            tensor = node.inputs[0]
        }
        return false
    }

    /// The sum of a product, perhaps in another shape or order, and a bias of its channels; `nil` for other sums.
    fileprivate func includingBias(_ bias: SymbolicTensor) -> SymbolicTensor? {
        guard bias.dtype == dtype else { return nil }
        if let (source, order) = transposeSource {
            guard let axis = order.firstIndex(of: source.rank - 1),
                let vector = bias.vector(along: axis, of: self)
            else { return nil }
            return source.includingVector(vector)?.transposed(order)
        }
        guard rank > 0, let vector = bias.vector(along: rank - 1, of: self) else { return nil }
        if let source = reshapeSource {
            guard source.rank > 0, source.shape[-1] == shape[-1] else { return nil }
            return source.includingVector(vector)?.reshaped(shape)
        }
        return includingVector(vector)
    }

    private func includingVector(_ vector: SymbolicTensor) -> SymbolicTensor? {
        guard let node, node.operation.takesBias, node.inputs.count == 2 else { return nil }
        return SymbolicTensor.applying(node.operation, node.inputs + [vector])[0]
    }

    /// The elements as a vector, if they are one for each position along an axis of a tensor to which they are added.
    private func vector(along axis: Int, of tensor: SymbolicTensor) -> SymbolicTensor? {
        let own = axis - (tensor.rank - rank)
        guard own >= 0, rank <= tensor.rank, let length = tensor.shape[axis],
            shape[own] == length, shape.elementCount == length
        else { return nil }
        return reshaped([length])
    }
}

extension Operation {
    fileprivate var takesBias: Bool {
        if case .convolution = self { return true }
        if case .innerProduct = self { return true }
        return false
    }

    /// Whether the elements of the result are those of the first input, in their order.
    fileprivate var keepsElements: Bool {
        if case .reshape = self { return true }
        if case .cast = self { return true }
        return false
    }
}
