/// A reduction over some axes.
package struct Reduction: OperationDefinition {
    package enum Kind: String, Sendable, Hashable, CaseIterable, AttributeConvertible {
        case sum
        case mean
        case maximum
        case minimum
        case product
    }

    package var name: String { "reduction" }
    package static let prototypes = [Reduction(kind: .sum, axes: [], keepDimensions: false)]
    package static let attributes: [Attribute<Reduction>] = [
        .required("kind", \.kind),
        .required("axes", \.axes, .axes),
        .optional("keepdims", \.keepDimensions),
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var kind: Kind
    /// The axes, counted from the front, in ascending order.
    package var axes: [Int]
    package var keepDimensions: Bool

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.sourceCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let shape = inputs[0].shape
        guard axes.allSatisfy({ (0..<shape.rank).contains($0) }) else {
            throw .invalidArgument(
                "\(shape) has no axis \(axes.first { !(0..<shape.rank).contains($0) } ?? 0)",
                fix: "choose axes from 0 to \(shape.rank - 1), or from −\(shape.rank) to −1")
        }
        var dimensions: [Int?] = []
        for axis in 0..<shape.rank {
            if !axes.contains(axis) {
                dimensions.append(shape[axis])
            } else if keepDimensions {
                dimensions.append(1)
            }
        }
        return [TensorType(Shape(dimensions), inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = gradients[0] else { return [nil] }
        let x = call.inputs[0]
        var kept = x.shape
        for axis in axes { kept[axis] = 1 }
        let spread = g.reshaped(kept)
        switch kind {
        case .sum:
            return [spread.broadcast(to: x.shape)]
        case .mean:
            let count = axes.reduce(1) { $0 * (x.shape[$1] ?? 1) }
            return [(spread / Float(count)).broadcast(to: x.shape)]
        case .maximum, .minimum:
            // Equal extremes share the gradient, as in JAX.
            let isExtreme = x.equal(to: call.outputs[0].reshaped(kept))
            return [isExtreme * (spread / isExtreme.sum(axes: axes, keepDimensions: true))]
        case .product:
            return [spread * call.outputs[0].reshaped(kept) / x]
        }
    }
}

/// Arg-max: the index of the largest element along an axis, the first of equals; `int32`.
///
/// As in JAX and NumPy, NaN counts as the largest.
package struct ArgMax: OperationDefinition {
    package var name: String { "argMax" }
    package static let prototypes = [ArgMax(axis: 0)]
    package static let attributes: [Attribute<ArgMax>] = [
        .required("axis", \.axis, .axis)
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var axis: Int

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.sourceCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        var dimensions = inputs[0].shape.dimensions
        guard dimensions.indices.contains(axis) else {
            throw .invalidArgument(
                "\(inputs[0].shape) has no axis \(axis)", fix: "choose one that it has")
        }
        dimensions.remove(at: axis)
        return [TensorType(Shape(dimensions), .int32)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [nil]
    }
}

/// 1 if the class is among the k largest predictions of its row, otherwise 0.
///
/// Inputs: predictions `[rows, classes]` and classes `int32 [rows]`. Only strictly larger
/// predictions count against a class, and a row with a value that is not finite does not match.
package struct InTopK: OperationDefinition {
    package var name: String { "inTopK" }
    package static let prototypes = [InTopK(k: 1)]
    package static let attributes: [Attribute<InTopK>] = [
        .required("k", \.k)
    ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var k: Int

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.sourceCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard inputs[0].shape.rank == 2, inputs[1].shape.rank == 1 else {
            throw .wrongRank(got: inputs[0].shape, expected: "[rows, classes]")
        }
        try inputs[1].require([inputs[0].shape[0]])
        try inputs[1].require(.int32, of: "classes")
        return [TensorType(inputs[1].shape)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [nil, nil]
    }
}

extension SymbolicTensor {
    private func reduced(_ kind: Reduction.Kind, _ axes: [Int]?, _ keepDimensions: Bool)
        -> SymbolicTensor
    {
        let axes = axes.map { Set($0.map { $0 < 0 ? $0 + rank : $0 }).sorted() } ?? Array(0..<rank)
        if axes.isEmpty { return self }
        let reduction = Reduction(kind: kind, axes: axes, keepDimensions: keepDimensions)
        return .apply(.reduction(reduction), self)
    }

    /// The sum over `axes`, or over all.
    public func sum(axes: [Int]? = nil, keepDimensions: Bool = false) -> SymbolicTensor {
        reduced(.sum, axes, keepDimensions)
    }
    /// The mean over `axes`, or over all.
    public func mean(axes: [Int]? = nil, keepDimensions: Bool = false) -> SymbolicTensor {
        inFloatingPoint.reduced(.mean, axes, keepDimensions)
    }
    /// The maximum over `axes`, or of all.
    public func max(axes: [Int]? = nil, keepDimensions: Bool = false) -> SymbolicTensor {
        reduced(.maximum, axes, keepDimensions)
    }
    /// The minimum over `axes`, or of all.
    public func min(axes: [Int]? = nil, keepDimensions: Bool = false) -> SymbolicTensor {
        reduced(.minimum, axes, keepDimensions)
    }
    /// The product over `axes`, or of all.
    public func product(axes: [Int]? = nil, keepDimensions: Bool = false) -> SymbolicTensor {
        reduced(.product, axes, keepDimensions)
    }
    /// The index of the largest element along an axis, without that axis; NaN counts as the
    /// largest.
    public func argMax(axis: Int = -1) -> SymbolicTensor {
        guard error == nil else { return self }
        guard let axis = shape.normalized(axis: axis) else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument("\(shape) has no axis \(axis)", fix: "choose one that it has")
                ))
        }
        return .apply(.argMax(ArgMax(axis: axis)), self)
    }
    /// 1 if `classes` (`int32 [rows]`) are among the `k` largest of `[rows, classes]`, otherwise 0.
    public func inTopK(_ k: Int, classes: SymbolicTensor) -> SymbolicTensor {
        .apply(.inTopK(InTopK(k: k)), self, classes.cast(to: .int32))
    }
}
