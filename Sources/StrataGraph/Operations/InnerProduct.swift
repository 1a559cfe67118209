/// An inner product: each row times a matrix; `[batch, …]` with weights `[width, units]` gives
/// `[batch, units]`.
///
/// A row is all of the input except its first axis, so a flattened image needs no copy. Inputs:
/// rows, weights and, if there is one, bias `[units]`.
package struct InnerProduct: OperationDefinition {
    package var name: String { "innerProduct" }
    package static let prototypes = [InnerProduct()]
    package var inputCounts: ClosedRange<Int> { 2...3 }

    package func flops(_ shapes: CallShapes) -> Double {
        2 * shapes.sourceCount * Double(shapes.inputs[1].last ?? 0)
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[1][0]
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let (rows, weights) = (inputs[0].shape, inputs[1].shape)
        guard weights.rank == 2 else {
            throw .wrongRank(got: weights, expected: "weights [width, units]")
        }
        guard rows.rank >= 2, let width = weights[0] else {
            throw .wrongRank(got: rows, expected: "[batch, width]")
        }
        if let count = Shape(Array(rows.dimensions.dropFirst())).elementCount, count != width {
            throw .wrongWidth(got: rows, expected: width)
        }
        for bias in inputs.dropFirst(2) { try bias.require([weights[1]]) }
        return [TensorType([rows[0], weights[1]], inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return call.inputs.map { _ in nil } }
        let data = InnerProductBackwardData(shape: call.inputs[0].shape)
        let weights = InnerProductBackwardWeights(hasBias: call.inputs.count == 3)
        return [.apply(.innerProductBackwardData(data), g, call.inputs[1])]
            + SymbolicTensor.applying(.innerProductBackwardWeights(weights), [call.inputs[0], g])
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        guard inputs[0].rank == 2, let image = inputs[0].reshapeSource, image.rank > 2,
            image.shape[0] == inputs[0].shape[0], image.shape.known != nil
        else { return nil }
        return SymbolicTensor.applying(operation, [image] + inputs.dropFirst())
    }
}

/// The gradient of an inner product with respect to its rows; inputs: gradient, weights.
package struct InnerProductBackwardData: OperationDefinition {
    package var name: String { "innerProductBackwardData" }
    package static let prototypes = [InnerProductBackwardData(shape: [])]
    package static let attributes: [Attribute<InnerProductBackwardData>] = [
        .required("inputShape", \.shape, .possible)
    ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var role: OperationRole { .backward }
    /// The rows' shape.
    package var shape: Shape

    package func flops(_ shapes: CallShapes) -> Double {
        2 * shapes.resultCount * Double(shapes.inputs[1].last ?? 0)
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.termsOfDataGradient
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let result = try InnerProduct().outputTypes([TensorType(shape), inputs[1]])[0]
        try inputs[0].require(result.shape)
        return [TensorType(shape, inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return [nil, nil] }
        let weights = InnerProductBackwardWeights(hasBias: false)
        return [
            .apply(.innerProduct(InnerProduct()), g, call.inputs[1]),
            .apply(.innerProductBackwardWeights(weights), g, call.inputs[0]),
        ]
    }
}

/// The gradient of an inner product with respect to its weights and, if it has one, its bias.
///
/// Inputs: rows, gradient of the output.
package struct InnerProductBackwardWeights: OperationDefinition {
    package var name: String { "innerProductBackwardWeights" }
    package static let prototypes = [InnerProductBackwardWeights(hasBias: false)]
    package static let attributes: [Attribute<InnerProductBackwardWeights>] = [
        .optional("hasBias", \.hasBias)
    ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var role: OperationRole { .weightsGradient }
    package var hasBias: Bool

    package var outputCount: Int { hasBias ? 2 : 1 }

    package func flops(_ shapes: CallShapes) -> Double {
        2 * shapes.sourceCount * Double(shapes.inputs[1].last ?? 0)
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[1].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard inputs[0].shape.rank >= 2 else {
            throw .wrongRank(got: inputs[0].shape, expected: "[batch, width]")
        }
        guard inputs[1].shape.rank == 2 else {
            throw .wrongRank(got: inputs[1].shape, expected: "[batch, units]")
        }
        try inputs[1].require([inputs[0].shape[0], nil])
        let width = Shape(Array(inputs[0].shape.dimensions.dropFirst())).elementCount
        let units = inputs[1].shape[-1]
        // Sums of many bfloat16 products are float32, the type of their variable.
        let weights = TensorType([width, units])
        return hasBias ? [weights, TensorType([units])] : [weights]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        let (x, dy) = (call.inputs[0], call.inputs[1])
        let gradients = gradients.map { $0?.cast(to: dy.dtype) }
        let toRows = gradients[0].map {
            SymbolicTensor.apply(
                .innerProductBackwardData(InnerProductBackwardData(shape: x.shape)), dy, $0)
        }
        let throughWeights = gradients[0].map {
            SymbolicTensor.apply(.innerProduct(InnerProduct()), x, $0)
        }
        let throughBias = hasBias ? gradients[1]?.broadcast(to: dy.shape) : nil
        return [toRows, SymbolicTensor.sum(throughWeights, throughBias)]
    }
}

extension SymbolicTensor {
    /// The product of the last axis with `[width, units]`, plus `bias` `[units]`, as in Keras's Dense.
    public func multiplied(by weights: SymbolicTensor, bias: SymbolicTensor? = nil)
        -> SymbolicTensor
    {
        if let error { return SymbolicTensor(failure: error) }
        let inputs = [weights] + (bias.map { [$0] } ?? [])
        // What failed has no axes, either.
        if rank <= 2 || weights.rank != 2 {
            return SymbolicTensor.applying(
                .innerProduct(InnerProduct()), [promoted(for: weights)] + inputs)[0]
        }
        if let width = weights.shape[0], let own = shape[-1], own != width {
            return SymbolicTensor(failure: GraphError(.wrongWidth(got: shape, expected: width)))
        }
        let rows = promoted(for: weights).reshaped([-1, shape[-1]])
        let product = SymbolicTensor.applying(.innerProduct(InnerProduct()), [rows] + inputs)[0]
        return product.reshaped(Shape(shape.dimensions.dropLast() + [weights.shape[-1]]))
    }
}
