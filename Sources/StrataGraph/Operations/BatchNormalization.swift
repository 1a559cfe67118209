/// Batch normalization of every channel (the last axis), with scale and offset.
///
/// With statistics of the batch: inputs x, gamma, beta; outputs y and the batch's mean and (biased)
/// variance. With given ones: inputs x, gamma, beta, mean, variance; output y.
/// Ioffe and Szegedy, 2015, arXiv:1502.03167.
package struct BatchNormalization: OperationDefinition {
    package var name: String { "batchNormalization" }
    package static let prototypes = [BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)]
    package static let attributes: [Attribute<BatchNormalization>] = [
        .required("epsilon", \.epsilon, .nonnegative),
        .optional("usesGlobalStatistics", \.usesGivenStatistics),
        .optional("fusesReLU", \.fusesReLU),
    ]
    package var inputCounts: ClosedRange<Int> { usesGivenStatistics ? 5...5 : 3...3 }
    package var epsilon: Float
    package var usesGivenStatistics: Bool
    /// Whether y is max(y, 0).
    package var fusesReLU: Bool

    package init(epsilon: Float, usesGivenStatistics: Bool, fusesReLU: Bool = false) {
        self.epsilon = epsilon
        self.usesGivenStatistics = usesGivenStatistics
        self.fusesReLU = fusesReLU
    }

    package var outputCount: Int { usesGivenStatistics ? 1 : 3 }

    package func flops(_ shapes: CallShapes) -> Double {
        // The mean takes 1 for each element, the variance 3, scale and offset 2.
        shapes.resultCount * (usesGivenStatistics ? 2 : 6)
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[0].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let (x, gamma) = (inputs[0], inputs[1])
        guard x.shape.rank >= 2 else { throw .wrongRank(got: x.shape, expected: "[batch, …]") }
        guard gamma.shape.rank == 1 else {
            throw .wrongRank(got: gamma.shape, expected: "[channels]")
        }
        if let width = gamma.shape[0], let own = x.shape[-1], own != width {
            throw .wrongWidth(got: x.shape, expected: width)
        }
        try x.requireFloatingPoint(of: "images to normalize")
        for vector in inputs.dropFirst() { try vector.require([x.shape[-1]]) }
        return usesGivenStatistics ? [x] : [x, gamma, gamma]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard !usesGivenStatistics else { return gradient(byGivenStatistics: call, gradients) }
        var results: [SymbolicTensor?] = call.inputs.map { _ in nil }
        let x = call.inputs[0]
        if var g = call.gradient(gradients[0]) {
            if fusesReLU { g = g * call.outputs[0].greater(than: 0) }
            let backward = BatchNormalizationBackward(epsilon: epsilon)
            results = SymbolicTensor.applying(
                .batchNormalizationBackward(backward),
                [x, g, call.inputs[1], call.outputs[1], call.outputs[2]])
        }
        // The mean and the variance depend on each of the channel's elements.
        let axes = Array(0..<x.rank - 1)
        let share = 1 / Float(max(axes.reduce(1) { $0 * (x.shape[$1] ?? 1) }, 1))
        let throughMean = gradients[1].map { ($0 * share).broadcast(to: x.shape) }
        let throughVariance = gradients[2].map { (x - call.outputs[1]) * ($0 * (2 * share)) }
        if let statistics = SymbolicTensor.sum(throughMean, throughVariance) {
            results[0] = SymbolicTensor.sum(results[0], statistics.cast(to: x.dtype))
        }
        return results
    }

    private func gradient(byGivenStatistics call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard var g = call.gradient(gradients[0]) else { return call.inputs.map { _ in nil } }
        if fusesReLU { g = g * call.outputs[0].greater(than: 0) }
        let (x, gamma, mean, variance) = (
            call.inputs[0], call.inputs[1], call.inputs[3], call.inputs[4]
        )
        let scale = (variance + epsilon).sqrt().reciprocal()
        let axes = Array(0..<x.rank - 1)
        let sum = g.sum(axes: axes)
        let scaledSum = (g * ((x - mean) * scale)).sum(axes: axes)
        return [
            g * (gamma * scale), scaledSum, sum, -(sum * gamma * scale),
            scaledSum * gamma * scale.square() * -0.5,
        ]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        // Statistics that are the batch's own, as where the moments are computed by an operation of their own.
        guard usesGivenStatistics, let x = inputs[0].node, let moments = inputs[3].node,
            case .batchNormalization(let own) = moments.operation, !own.usesGivenStatistics,
            inputs[4].node === moments, inputs[3].output == 1, inputs[4].output == 2,
            moments.inputs[0].node === x, moments.inputs[0].output == inputs[0].output
        else { return nil }
        var normalization = self
        normalization.usesGivenStatistics = false
        let results = SymbolicTensor.applying(
            .batchNormalization(normalization), Array(inputs[..<3]))
        return [results[0]]
    }
}

/// The gradients of a batch normalization with the batch's own statistics.
///
/// Inputs: x, gradient of y, gamma, mean, variance, and beta if y had a ReLU. Outputs: gradients of
/// x, gamma, beta.
package struct BatchNormalizationBackward: OperationDefinition {
    package var name: String { "batchNormalizationBackward" }
    package static let prototypes = [BatchNormalizationBackward(epsilon: 1e-3)]
    package static let attributes: [Attribute<BatchNormalizationBackward>] = [
        .required("epsilon", \.epsilon, .nonnegative),
        .optional("fusesReLU", \.fusesReLU),
        .optional("masksBySource", \.masksBySource),
    ]
    package var inputCounts: ClosedRange<Int> { fusesReLU ? 6...6 : 5...5 }
    package var role: OperationRole { .backward }
    package var epsilon: Float
    /// Whether y had a ReLU.
    package var fusesReLU = false
    /// Whether the gradient of x is 0 where x is not above 0, as for an x with a ReLU.
    package var masksBySource = false

    package var outputCount: Int { 3 }

    package func flops(_ shapes: CallShapes) -> Double {
        // The gradients of offset and scale take 1 and 3, that of the image 5.
        shapes.sourceCount * 9
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[0].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let x = inputs[0].shape
        guard x.rank >= 2 else { throw .wrongRank(got: x, expected: "[batch, …]") }
        try inputs[0].requireFloatingPoint(of: "images to normalize")
        try inputs[1].require(x)
        for vector in inputs.dropFirst(2) { try vector.require([x[-1]]) }
        return [inputs[0], inputs[2], inputs[2]]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        let error = GraphError(.noGradient("the gradient of batch normalization"))
        return call.inputs.map { _ in SymbolicTensor(failure: error) }
    }
}
