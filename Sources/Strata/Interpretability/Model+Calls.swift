extension Model {
    /// The calls of layers, in their order.
    package var calls: [LayerCall] {
        (wiring?.steps ?? []).compactMap { step in
            if case .call(let call) = step { call } else { nil }
        }
    }

    /// The last call of the layer called `name`.
    package func call(of name: String) throws -> LayerCall {
        guard wiring != nil else { throw ModelError(.unbuilt(model: self.name)) }
        guard let call = calls.last(where: { $0.layer.name == name }) else {
            let names = calls.map(\.layer.name)
            let near = nearestName(to: name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ModelError(
                .invalidArgument(
                    "model \(self.name) has no layer \(name)",
                    fix: "\(near)use one of: \(names.joined(separator: ", "))"))
        }
        return call
    }

    /// The sample, alone or in a batch of one, with a batch dimension; the model must have one
    /// input.
    package func batch(of sample: Tensor) throws -> Tensor {
        guard inputs.count == 1, let input = inputs.first else {
            throw ModelError(
                .invalidArgument(
                    "the model has \(inputs.count) inputs, but one sample was given",
                    fix: "use a model with one input"))
        }
        if sample.shape.first == 1, input.shape.accepts(Shape(sample.shape)) { return sample }
        let batch = try sample.expandingDims(at: 0)
        if input.shape.accepts(Shape(batch.shape)) { return batch }
        // A gray image with or without a channel axis.
        let other = batch.shape.last == 1 ? Array(batch.shape.dropLast()) : batch.shape + [1]
        guard input.shape.accepts(Shape(other)) else {
            throw ModelError(
                .wrongShape(name: "the sample", got: batch.shape, expected: input.shape))
        }
        return try batch.reshaped(other)
    }
}
