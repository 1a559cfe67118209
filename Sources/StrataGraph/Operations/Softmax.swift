/// The softmax or its logarithm along one axis.
package struct Softmax: OperationDefinition {
    package var name: String { isLogarithm ? "logSoftmax" : "softmax" }
    package static let prototypes = [false, true].map { Softmax(axis: 0, isLogarithm: $0) }
    package static let attributes: [Attribute<Softmax>] = [
        .required("axis", \.axis, .axis)
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var axis: Int
    package var isLogarithm: Bool

    package func flops(_ shapes: CallShapes) -> Double {
        // The maximum, a difference, an exponential, the sum, and a quotient or difference.
        5 * shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard (0..<inputs[0].shape.rank).contains(axis) else {
            throw .invalidArgument(
                "\(inputs[0].shape) has no axis \(axis)", fix: "choose an axis that the input has")
        }
        return [inputs[0]]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = gradients[0] else { return [nil] }
        let y = call.outputs[0]
        if isLogarithm {
            return [g - y.exp() * g.sum(axes: [axis], keepDimensions: true)]
        }
        return [y * (g - (g * y).sum(axes: [axis], keepDimensions: true))]
    }
}

/// One-hot encoding along a new last axis.
package struct OneHot: OperationDefinition {
    package var name: String { "oneHot" }
    package static let prototypes = [OneHot(depth: 0)]
    package static let attributes: [Attribute<OneHot>] = [
        .required("depth", \.depth, .atLeast(0))
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var depth: Int

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try inputs[0].require(.int32, of: "indices")
        return [TensorType(Shape(inputs[0].shape.dimensions + [depth]))]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [nil]
    }
}

extension SymbolicTensor {
    /// Softmax along an axis.
    public func softmax(axis: Int = -1) -> SymbolicTensor {
        let axis = axis < 0 ? axis + rank : axis
        return .apply(.softmax(Softmax(axis: axis, isLogarithm: false)), self)
    }

    /// The logarithm of the softmax, numerically stable.
    public func logSoftmax(axis: Int = -1) -> SymbolicTensor {
        let axis = axis < 0 ? axis + rank : axis
        return .apply(.softmax(Softmax(axis: axis, isLogarithm: true)), self)
    }

    /// One-hot encoding of integers along a new last axis of `depth`.
    public func oneHot(_ depth: Int) -> SymbolicTensor {
        .apply(.oneHot(OneHot(depth: depth)), cast(to: .int32))
    }
}
