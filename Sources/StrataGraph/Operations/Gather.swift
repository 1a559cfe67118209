/// Rows of a table by index: output i is the row at index i.
///
/// Inputs: table `[rows, …]` and indices `int32` of any shape. Negative indices count from the end;
/// a row out of range is NaN, as in JAX.
package struct Gather: OperationDefinition {
    package var name: String { "gather" }
    package static let prototypes = [Gather()]
    package var inputCounts: ClosedRange<Int> { 2...2 }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let table = inputs[0].shape
        guard table.rank >= 1 else { throw .wrongRank(got: table, expected: "[rows, …]") }
        try inputs[1].require(.int32, of: "indices")
        let shape = inputs[1].shape.dimensions + table.dimensions.dropFirst()
        return [TensorType(Shape(shape), inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = gradients[0], let rows = call.inputs[0].shape[0] else { return [nil, nil] }
        let scattered = SymbolicTensor.apply(
            .scatterAdd(ScatterAdd(rows: rows)), g.cast(to: .float32), call.inputs[1])
        return [scattered.cast(to: g.dtype), nil]
    }
}

/// Scatter-add, the gradient of a gather: adds each row to the row at its index in a table of
/// zeros.
///
/// Inputs: rows of shape `indices + […]`, and indices. Indices out of range are ignored.
package struct ScatterAdd: OperationDefinition {
    package var name: String { "scatterAdd" }
    package static let prototypes = [ScatterAdd(rows: 0)]
    package static let attributes: [Attribute<ScatterAdd>] = [
        .required("rows", \.rows, .atLeast(0))
    ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    /// The number of rows of the table.
    package var rows: Int

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.sourceCount
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[1].reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let (source, indices) = (inputs[0], inputs[1].shape)
        try inputs[1].require(.int32, of: "indices")
        try source.require(.float32, of: "rows")
        let row = source.shape.dimensions.dropFirst(indices.rank)
        try source.require(Shape(indices.dimensions + row))
        return [TensorType(Shape([rows] + row), source.dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [gradients[0].map { .apply(.gather(Gather()), $0, call.inputs[1]) }, nil]
    }
}

extension SymbolicTensor {
    /// Slices of this tensor along `axis`, one for each index.
    ///
    /// Negative indices count from the end, and slices out of range are NaN. Keras 3.15.1
    /// `ops.take`, on JAX.
    ///
    /// - Parameters:
    ///   - indices: integers of any shape, which replaces the axis.
    ///   - axis: the indexed axis; negative ones count from the end.
    public func gathered(_ indices: SymbolicTensor, axis: Int = 0) -> SymbolicTensor {
        if let error = error ?? indices.error { return SymbolicTensor(failure: error) }
        guard let axis = shape.normalized(axis: axis) else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument("\(shape) has no axis \(axis)", fix: "choose one that it has")
                ))
        }
        let whole = indices.cast(to: .int32)
        if axis == 0 { return .apply(.gather(Gather()), self, whole) }
        let order = [axis] + (0..<rank).filter { $0 != axis }
        let rows = SymbolicTensor.apply(.gather(Gather()), transposed(order), whole)
        let new = Array(0..<indices.rank)
        let rest = Array(indices.rank..<rows.rank)
        return rows.transposed(Array(rest[..<axis]) + new + Array(rest[axis...]))
    }
}
