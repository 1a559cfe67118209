/// The same elements in another shape.
///
/// One dimension of `shape` may be -1, which is inferred; `nil` is unknown, except for a single one
/// of a source of known size, which is inferred too.
package struct Reshape: OperationDefinition {
    package var name: String { "reshape" }
    package static let prototypes = [Reshape(shape: [])]
    package static let attributes: [Attribute<Reshape>] = [
        .required("shape", \.shape)
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var shape: Shape

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let source = inputs[0].shape
        let type = { TensorType($0, inputs[0].dtype) }
        let sizes = shape.dimensions.compactMap(\.self)
        guard sizes.allSatisfy({ $0 >= -1 }), sizes.filter({ $0 == -1 }).count <= 1 else {
            throw .cannotReshape(from: source, to: shape)
        }
        if let wanted = shape.elementCount, !shape.dimensions.contains(-1) {
            if let count = source.elementCount, count != wanted {
                throw .cannotReshape(from: source, to: shape)
            }
            return [type(shape)]
        }
        let unknown = shape.dimensions.indices.filter { shape[$0] == nil }
        let left = source.elementCount != nil && unknown.count == 1 ? unknown[0] : nil
        guard let free = shape.dimensions.firstIndex(of: -1) ?? left else { return [type(shape)] }
        var result = shape
        let others = Shape(shape.dimensions.filter { $0 != -1 && $0 != nil })
        guard let rest = others.elementCount else { throw .cannotReshape(from: source, to: shape) }
        if let count = source.elementCount, unknown.isEmpty || unknown == [free] {
            guard rest > 0, count % rest == 0 else {
                throw .cannotReshape(from: source, to: shape)
            }
            result[free] = count / rest
        } else {
            result[free] = nil as Int?
        }
        return [type(result)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [gradients[0]?.reshaped(call.inputs[0].shape)]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        let x = inputs[0]
        guard let shape = x.type.flatMap({ try? outputTypes([$0])[0].shape }) else { return nil }
        if x.shape == shape, x.shape.known != nil { return [x] }
        // The middle reshape can be dropped only if the outer one fits the innermost value.
        guard let source = x.reshapeSource, let count = x.shape.elementCount,
            source.shape.elementCount == count
        else { return nil }
        return [source.reshaped(shape)]
    }
}

/// The axes in another order: output axis i is input axis `order[i]`.
package struct Transpose: OperationDefinition {
    package var name: String { "transpose" }
    package static let prototypes = [Transpose(order: [])]
    package static let attributes: [Attribute<Transpose>] = [
        .required("axes", \.order, .permutation)
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var order: [Int]

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard order.sorted() == Array(0..<inputs[0].shape.rank) else {
            throw .wrongRank(got: inputs[0].shape, expected: "an input of \(order.count) axes")
        }
        return [TensorType(Shape(order.map { inputs[0].shape[$0] }), inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [gradients[0]?.transposed(inverse(order))]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        if order == Array(0..<inputs[0].rank) { return [inputs[0]] }
        guard let (source, sourceOrder) = inputs[0].transposeSource,
            order.sorted() == Array(sourceOrder.indices)
        else { return nil }
        return [source.transposed(order.map { sourceOrder[$0] })]
    }
}

/// The elements broadcast by NumPy's rule.
package struct Broadcast: OperationDefinition {
    package var name: String { "broadcast" }
    package static let prototypes = [Broadcast(shape: [])]
    package static let attributes: [Attribute<Broadcast>] = [
        .required("shape", \.shape)
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var role: OperationRole { .elementwise }
    package var shape: Shape

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard let result = inputs[0].shape.broadcast(with: shape), shape.accepts(result) else {
            throw .notBroadcastable(inputs[0].shape, shape)
        }
        return [TensorType(shape, inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [gradients[0]?.summed(to: call.inputs[0].shape)]
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement { inputs[0] }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        inputs[0].shape == shape ? [inputs[0]] : nil
    }
}

/// Constant values around the elements; negative amounts are not allowed.
package struct Pad: OperationDefinition {
    package var name: String { "pad" }
    package static let prototypes = [Pad(before: [], after: [], value: 0)]
    package static let attributes: [Attribute<Pad>] = [
        .required("paddingBefore", \.before),
        .required("paddingAfter", \.after),
        .optional("value", \.value),
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var before: [Int]
    package var after: [Int]
    package var value: Float

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let shape = inputs[0].shape
        guard before.count == shape.rank, after.count == shape.rank,
            (before + after).allSatisfy((0...AttributeRule<Int>.limit).contains)
        else {
            throw .invalidArgument(
                "padding \(before) and \(after) does not fit \(shape)",
                fix: "give one amount of at least 0 for each side of each axis")
        }
        let padded = (0..<shape.rank).map { axis in
            shape[axis].map { $0 + before[axis] + after[axis] }
        }
        return [TensorType(Shape(padded), inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let sizes = call.inputs[0].shape.known else { return [nil] }
        return [gradients[0]?.sliced(from: before, sizes: sizes)]
    }
}

/// A slice of a tensor: `sizes[i]` elements from `start[i]` on along each axis; -1 for the rest.
///
/// Once the tensor's size is known, no size is -1 any more.
package struct Slice: OperationDefinition {
    package var name: String { "slice" }
    package static let prototypes = [Slice(start: [], sizes: [])]
    package static let attributes: [Attribute<Slice>] = [
        .required("start", \.start, .each(atLeast: 0)),
        .required("sizes", \.sizes, .each(atLeast: -1)),
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var start: [Int]
    package var sizes: [Int]

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let shape = inputs[0].shape
        // Sums of valid tensor sizes do not overflow.
        let fits =
            start.count == shape.rank && sizes.count == shape.rank
            && (0..<shape.rank).allSatisfy { axis in
                start[axis] >= 0 && sizes[axis] >= -1
                    && start[axis] + max(sizes[axis], 0) <= shape[axis] ?? .max
            }
        guard fits else {
            throw .invalidArgument(
                "a slice of \(sizes) from \(start) does not lie within \(shape)",
                fix: "keep it inside")
        }
        let result = (0..<shape.rank).map { axis in
            sizes[axis] >= 0 ? sizes[axis] : shape[axis].map { $0 - start[axis] }
        }
        return [TensorType(Shape(result), inputs[0].dtype)]
    }

    /// The same with sizes instead of -1 where they are known.
    func resolved(for shape: Shape) -> Slice {
        guard start.count == shape.rank, sizes.count == shape.rank else { return self }
        var result = self
        for axis in sizes.indices where sizes[axis] == -1 {
            guard let length = shape[axis], length >= start[axis] else { continue }
            result.sizes[axis] = length - start[axis]
        }
        return result
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let source = call.inputs[0].shape.known else { return [nil] }
        let after = source.indices.map { source[$0] - start[$0] - sizes[$0] }
        return [gradients[0]?.padded(before: start, after: after)]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        let resolved = resolved(for: inputs[0].shape)
        return resolved == self ? nil : SymbolicTensor.applying(.slice(resolved), inputs)
    }
}

/// Tensors concatenated along an axis.
package struct Concatenate: OperationDefinition {
    package var name: String { "concatenate" }
    package static let prototypes = [Concatenate(axis: 0)]
    package static let attributes: [Attribute<Concatenate>] = [
        .required("axis", \.axis, .axis)
    ]
    package var inputCounts: ClosedRange<Int> { 1...Int.max }
    package var axis: Int

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        for input in inputs.dropFirst() {
            try input.require(inputs[0].dtype, of: "tensors to join")
        }
        let shapes = inputs.map(\.shape)
        var result = shapes[0]
        guard (0..<result.rank).contains(axis) else {
            throw .cannotConcatenate(shapes, axis: axis)
        }
        for shape in shapes.dropFirst() {
            guard shape.rank == result.rank else { throw .cannotConcatenate(shapes, axis: axis) }
            for position in 0..<shape.rank {
                let (a, b) = (result[position], shape[position])
                if position == axis {
                    result[position] = a.flatMap { a in b.map { a + $0 } }
                } else if let a, let b, a != b {
                    throw .cannotConcatenate(shapes, axis: axis)
                } else {
                    result[position] = a ?? b
                }
            }
        }
        return [TensorType(result, inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        var offset = 0
        return call.inputs.map { input in
            guard let g = gradients[0], let sizes = input.shape.known else { return nil }
            var start = Array(repeating: 0, count: sizes.count)
            start[axis] = offset
            offset += sizes[axis]
            return g.sliced(from: start, sizes: sizes)
        }
    }
}

extension SymbolicTensor {
    /// The same elements in another shape; one dimension may be -1.
    public func reshaped(_ shape: Shape) -> SymbolicTensor {
        .apply(.reshape(Reshape(shape: shape)), self)
    }
    /// The axes in another order: output axis i is input axis `order[i]`.
    public func transposed(_ order: [Int]) -> SymbolicTensor {
        .apply(.transpose(Transpose(order: order)), self)
    }
    /// The elements broadcast along axes of length 1.
    public func broadcast(to shape: Shape) -> SymbolicTensor {
        .apply(.broadcast(Broadcast(shape: shape)), self)
    }
    /// The tensor padded with a constant before and after each axis.
    public func padded(before: [Int], after: [Int], value: Float = 0) -> SymbolicTensor {
        .apply(.pad(Pad(before: before, after: after, value: value)), self)
    }
    /// A slice of `sizes` from `start` on; a size of -1 is the rest of the axis.
    public func sliced(from start: [Int], sizes: [Int]) -> SymbolicTensor {
        .apply(.slice(Slice(start: start, sizes: sizes)), self)
    }
    /// Tensors concatenated along an axis.
    public static func concatenated(_ tensors: [SymbolicTensor], axis: Int = -1)
        -> SymbolicTensor
    {
        guard let first = tensors.first else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument("nothing was given to join", fix: "give at least one tensor")))
        }
        let axis = axis < 0 ? axis + first.rank : axis
        return applying(.concatenate(Concatenate(axis: axis)), tensors)[0]
    }
}
