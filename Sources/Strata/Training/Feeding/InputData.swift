/// What the data of an input has to be like.
struct InputData {
    var name: String
    /// With the batch dimension.
    var shape: Shape

    /// Whether samples `[count, …]` fit, perhaps with one trailing axis of length 1 more or less.
    private func accepts(_ tensor: Tensor) -> Bool {
        let data = Shape(tensor.shape)
        return data.rank > 0 && shape.accepts(shape.fitting(data) ?? data)
    }

    /// The tensors; a single sample becomes a batch of one.
    static func batches(of tensors: [Tensor], for inputs: [InputData]) throws -> [Tensor] {
        guard tensors.count == inputs.count else { return tensors }
        func fit(_ tensors: [Tensor]) -> Bool {
            zip(inputs, tensors).allSatisfy { $0.accepts($1) }
        }
        if fit(tensors) { return tensors }
        let single = try tensors.map { try $0.expandingDims(at: 0) }
        return fit(single) ? single : tensors
    }

    /// - Parameters:
    ///   - tensors: one for each input.
    ///   - name: that of the argument, where an error names an element; the input's if left out.
    /// - Throws: a ``ModelError`` if there is not one tensor for each input, with as many samples in
    ///   each, at least one, of its shape and finite.
    static func check(_ tensors: [Tensor], for inputs: [InputData], calling name: String? = nil)
        throws
    {
        guard tensors.count == inputs.count else {
            throw ModelError(
                .wrongTensorCount(
                    what: "input tensors", got: tensors.count, expected: inputs.count))
        }
        guard let count = tensors.first?.shape.first, count > 0 else {
            throw ModelError(.noSamples)
        }
        for (input, tensor) in zip(inputs, tensors) {
            // The batch may have any size, even with Input(batchSize:).
            guard input.accepts(tensor) else {
                throw ModelError(
                    .wrongShape(name: input.name, got: tensor.shape, expected: input.shape))
            }
            guard tensor.shape[0] == count else {
                throw ModelError(
                    .unequalCounts(
                        what: "rows for \(input.name)", got: tensor.shape[0], samples: count))
            }
            try tensor.checkFinite(name ?? input.name)
        }
    }
}

extension Model {
    private var inputData: [InputData] {
        inputs.map {
            InputData(
                name: ($0.producer as? LayerCall)?.layer.name ?? "the input", shape: $0.shape)
        }
    }

    /// The tensors; a single sample becomes a batch of one.
    func batches(of tensors: [Tensor]) throws -> [Tensor] {
        guard wiring != nil else { return tensors }
        return try InputData.batches(of: tensors, for: inputData)
    }

    /// Builds a model whose input is not known yet, then checks the data against it.
    func check(inputs tensors: [Tensor]) throws {
        try during(.computing) {
            if wiring == nil, let sequential = self as? Sequential, let first = tensors.first {
                try sequential.build(
                    inputShape: Shape([nil] + first.shape.dropFirst().map { Optional($0) }))
            }
        }
        guard wiring != nil else { throw ModelError(.unbuilt(model: name)) }
        try InputData.check(tensors, for: inputData, calling: "x")
    }
}

extension Tensor {
    /// - Throws: if an element is NaN or infinite, with its index.
    func checkFinite(_ name: String) throws {
        guard let (index, value) = firstNotFinite else { return }
        throw ModelError(.notFinite(name: name, index: index, value: value))
    }

    /// The type of `rows` samples.
    func type(rows: Int) -> TensorType { TensorType(Shape([rows] + shape.dropFirst()), dtype) }
}
