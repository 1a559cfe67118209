extension Operation {
    /// What a call is better written as, or `nil` where it stands as it is.
    ///
    /// These rules run while a graph is traced, before it is differentiated, so that gradients come
    /// out simple too. The important one moves reshapes behind elementwise operations: Flatten,
    /// Dropout, Dense becomes Dropout on the image, then one inner product that reads the image in
    /// whatever layout it has.
    func rewritten(for inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        switch self {
        case .reshape(let reshape):
            return simplifiedReshape(reshape, of: inputs[0]).map { [$0] }
        case .dropout:
            return movedBehindReshape(inputs)
        case .unary, .cast:
            return movedBehindReshape(inputs) ?? movedBehindTranspose(inputs)
        case .binary(let function):
            if let numbers = withNumbersInBfloat16(inputs) {
                return SymbolicTensor.applying(self, numbers)
            }
            return simplifiedBinary(function, inputs).map { [$0] } ?? movedBehindReshape(inputs)
                ?? movedBehindTranspose(inputs)
        case .broadcast(let broadcast):
            return inputs[0].shape == broadcast.shape ? [inputs[0]] : nil
        case .transpose(let transpose):
            if transpose.order == Array(0..<inputs[0].rank) { return [inputs[0]] }
            guard let (source, order) = inputs[0].transposeSource,
                transpose.order.sorted() == Array(order.indices)
            else { return nil }
            return [source.transposed(transpose.order.map { order[$0] })]
        case .slice(let slice):
            let resolved = slice.resolved(for: inputs[0].shape)
            return resolved == slice
                ? nil : SymbolicTensor.applying(.slice(resolved), inputs)
        case .innerProduct:
            guard let image = inputs[0].reshapeSource, image.rank > 2,
                image.shape[0] == inputs[0].shape[0], image.shape.known != nil
            else { return nil }
            return SymbolicTensor.applying(self, [image] + inputs.dropFirst())
        case .input, .variable, .constant, .select, .random, .reduction, .argMax, .inTopK,
            .softmax, .oneHot, .gather, .scatterAdd, .pad, .concatenate, .matMul,
            .innerProductBackwardData,
            .innerProductBackwardWeights, .convolution, .convolutionBackwardData,
            .convolutionBackwardWeights, .pooling, .poolingBackward, .batchNormalization,
            .batchNormalizationBackward, .resampling, .resamplingBackward, .equalization:
            return nil
        }
    }

    private func simplifiedReshape(_ reshape: Reshape, of x: SymbolicTensor) -> SymbolicTensor? {
        guard let shape = x.type.flatMap({ try? reshape.outputTypes([$0])[0].shape }) else {
            return nil
        }
        if x.shape == shape, x.shape.known != nil { return x }
        // Only where the outer reshape fits the innermost value is the middle one to be dropped.
        guard let source = x.reshapeSource, let count = x.shape.elementCount,
            source.shape.elementCount == count
        else { return nil }
        return source.reshaped(shape)
    }

    /// A number beside a `bfloat16` tensor takes its type, as Keras's weakly typed numbers do; it would
    /// make the result `float32`, and all that follows.
    private func withNumbersInBfloat16(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard inputs.contains(where: { $0.dtype == .bfloat16 }) else { return nil }
        var changed = inputs
        for (place, input) in inputs.enumerated() where input.dtype == .float32 {
            guard case .constant(let number)? = input.node?.operation, number.rank == 0 else {
                return nil
            }
            changed[place] = .constant(number.cast(to: .bfloat16))
        }
        return changed.map(\.dtype) == inputs.map(\.dtype) ? nil : changed
    }

    private func simplifiedBinary(_ function: BinaryFunction, _ inputs: [SymbolicTensor])
        -> SymbolicTensor?
    {
        let (a, b) = (inputs[0], inputs[1])
        let neutral: Float? =
            switch function {
            case .add, .subtract: 0
            case .multiply, .divide, .power: 1
            case .maximum, .minimum, .equal, .notEqual, .less, .lessEqual, .greater,
                .greaterEqual:
                nil
            }
        guard let neutral else { return nil }
        if b.isConstant(neutral), a.dtype.isFloatingPoint { return a }
        let commutes = function == .add || function == .multiply
        if commutes, a.isConstant(neutral), b.dtype.isFloatingPoint { return b }
        return nil
    }

    /// `f(reshape(x), scalars…)` as `reshape(f(x, scalars…))`.
    private func movedBehindReshape(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard let place = onlyTensor(inputs), let source = inputs[place].reshapeSource,
            let count = source.shape.elementCount,
            inputs[place].shape.elementCount == count
        else { return nil }
        var moved = inputs
        moved[place] = source
        return SymbolicTensor.applying(self, moved).map { $0.reshaped(inputs[place].shape) }
    }

    /// `f(transpose(x), scalars…)` as `transpose(f(x, scalars…))`: with channels first, the transposes
    /// at the end of one layer and the beginning of the next then meet, and are nothing together.
    private func movedBehindTranspose(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        guard let place = onlyTensor(inputs), let (source, order) = inputs[place].transposeSource
        else { return nil }
        var moved = inputs
        moved[place] = source
        return SymbolicTensor.applying(self, moved).map { $0.transposed(order) }
    }

    /// The place of the one input that is no scalar.
    private func onlyTensor(_ inputs: [SymbolicTensor]) -> Int? {
        let places = inputs.indices.filter { inputs[$0].rank > 0 }
        return places.count == 1 ? places[0] : nil
    }
}

extension SymbolicTensor {
    /// What this tensor is a reshape of.
    fileprivate var reshapeSource: SymbolicTensor? {
        guard let node, case .reshape = node.operation else { return nil }
        return node.inputs[0]
    }

    /// What this tensor is a transpose of, and in which order.
    fileprivate var transposeSource: (source: SymbolicTensor, order: [Int])? {
        guard let node, case .transpose(let transpose) = node.operation else { return nil }
        return (node.inputs[0], transpose.order)
    }

    /// Whether this is the one number `value`, without a shape.
    fileprivate func isConstant(_ value: Float) -> Bool {
        guard let node, case .constant(let tensor) = node.operation, tensor.rank == 0 else {
            return false
        }
        return tensor.scalars.first == value
    }
}
