/// The cumulative sum along an axis: NumPy's and Keras's `cumsum`.
package struct CumulativeSum: OperationDefinition {
    package var name: String { "cumulativeSum" }
    package static let prototypes = [CumulativeSum(axis: 0)]
    package static let attributes: [Attribute<CumulativeSum>] = [
        .required("axis", \.axis, .axis), .optional("exclusive", \.isExclusive),
        .optional("reverse", \.isReversed),
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var axis: Int
    /// Whether sums exclude their own element, so that the first one is 0.
    package var isExclusive = false
    /// Whether sums start at the end of the axis.
    package var isReversed = false

    package func flops(_ shapes: CallShapes) -> Double { shapes.resultCount }

    package func termCount(_ shapes: CallShapes) -> Int { shapes.inputs[0][axis] }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard axis < inputs[0].shape.rank else {
            throw .invalidArgument(
                "\(inputs[0].shape) has no axis \(axis)", fix: "choose one that it has")
        }
        return inputs
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        // An element is part of all later sums, so its gradient is summed from the other end.
        var reversed = self
        reversed.isReversed.toggle()
        return [gradients[0].map { .apply(.cumulativeSum(reversed), $0) }]
    }
}

extension SymbolicTensor {
    /// The cumulative sum along an axis.
    ///
    /// - Parameters:
    ///   - axis: the axis; negative ones count from the end.
    ///   - exclusive: whether sums exclude their own element.
    ///   - reverse: whether sums start at the end of the axis.
    public func cumulativeSum(axis: Int, exclusive: Bool = false, reverse: Bool = false)
        -> SymbolicTensor
    {
        guard error == nil else { return self }
        let sum = CumulativeSum(
            axis: shape.normalized(axis: axis) ?? axis, isExclusive: exclusive, isReversed: reverse)
        return .apply(.cumulativeSum(sum), self)
    }
}
