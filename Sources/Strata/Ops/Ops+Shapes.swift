extension Ops {
    // MARK: Shapes

    /// The same elements in another shape; one dimension may be -1.
    public static func reshape(_ x: SymbolicTensor, _ shape: Shape) -> SymbolicTensor {
        x.reshaped(shape)
    }

    /// The flattened tensor.
    public static func ravel(_ x: SymbolicTensor) -> SymbolicTensor { x.reshaped([-1]) }

    /// The axes in another order; reversed if left out.
    public static func transpose(_ x: SymbolicTensor, axes: [Int]? = nil) -> SymbolicTensor {
        x.transposed(axes?.map { $0 < 0 ? $0 + x.rank : $0 } ?? (0..<x.rank).reversed())
    }

    /// Two axes swapped.
    public static func swapaxes(_ x: SymbolicTensor, _ first: Int, _ second: Int)
        -> SymbolicTensor
    {
        guard let a = x.shape.normalized(axis: first), let b = x.shape.normalized(axis: second)
        else { return failure(x, "\(x.shape) has no axes \(first) and \(second)") }
        var order = Array(0..<x.rank)
        order.swapAt(a, b)
        return x.transposed(order)
    }

    /// A new axis of length 1 at `axis` of the result.
    public static func expandDims(_ x: SymbolicTensor, axis: Int) -> SymbolicTensor {
        let index = axis < 0 ? axis + x.rank + 1 : axis
        guard (0...x.rank).contains(index) else {
            return failure(x, "\(x.shape) takes no new axis \(axis)")
        }
        var shape = x.shape.dimensions
        shape.insert(1, at: index)
        return x.reshaped(Shape(shape))
    }

    /// Without an axis of length 1, or without all of them.
    public static func squeeze(_ x: SymbolicTensor, axis: Int? = nil) -> SymbolicTensor {
        guard let axis else { return x.reshaped(Shape(x.shape.dimensions.filter { $0 != 1 })) }
        guard let index = x.shape.normalized(axis: axis), x.shape[index] == 1 else {
            return failure(x, "axis \(axis) of \(x.shape) is not 1")
        }
        var shape = x.shape.dimensions
        shape.remove(at: index)
        return x.reshaped(Shape(shape))
    }

    /// Tensors concatenated along an axis.
    public static func concatenate(_ tensors: [SymbolicTensor], axis: Int = 0) -> SymbolicTensor {
        .concatenated(tensors, axis: axis)
    }

    /// Tensors of one shape, stacked along a new axis.
    public static func stack(_ tensors: [SymbolicTensor], axis: Int = 0) -> SymbolicTensor {
        let rank = tensors.first?.rank ?? 0
        let index = axis < 0 ? axis + rank + 1 : axis
        return .concatenated(tensors.map { expandDims($0, axis: index) }, axis: index)
    }

    /// Tensors concatenated along their second axis, or vectors along their only one.
    public static func hstack(_ tensors: [SymbolicTensor]) -> SymbolicTensor {
        let tensors = tensors.map { $0.rank == 0 ? $0.reshaped([1]) : $0 }
        return .concatenated(tensors, axis: (tensors.first?.rank ?? 0) == 1 ? 0 : 1)
    }

    /// Tensors concatenated along their first axis; a vector counts as one row.
    public static func vstack(_ tensors: [SymbolicTensor]) -> SymbolicTensor {
        .concatenated(tensors.map { $0.rank < 2 ? $0.reshaped([1, -1]) : $0 }, axis: 0)
    }

    /// Axes moved to other positions; the others keep their order.
    public static func moveaxis(
        _ x: SymbolicTensor, source: any IntegerList, destination: any IntegerList
    )
        -> SymbolicTensor
    {
        attempt(x) { () throws(GraphError.Problem) in
            let (sources, targets) = (
                try Axes(source).normalized(in: x.shape),
                try Axes(destination).normalized(in: x.shape)
            )
            guard sources.count == targets.count else {
                throw .invalidArgument(
                    "axes \(sources) cannot be moved to \(targets)", fix: "name as many of both")
            }
            var order = (0..<x.rank).filter { !sources.contains($0) }
            for (target, source) in zip(targets, sources).sorted(by: { $0.0 < $1.0 }) {
                order.insert(source, at: target)
            }
            return x.transposed(order)
        }
    }

    /// One-hot encoding of integers along a new axis at `axis` of the result.
    public static func oneHot(
        _ x: SymbolicTensor, numClasses: Int, axis: Int = -1, dtype: DType = .float32
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            let wide = Shape(Array(repeating: 1, count: x.rank + 1))
            guard let index = wide.normalized(axis: axis) else {
                throw .invalidArgument(
                    "\(x.shape) takes no new axis \(axis)", fix: "choose another")
            }
            var order = Array(0..<x.rank)
            order.insert(x.rank, at: index)
            return x.oneHot(numClasses).cast(to: dtype).transposed(order)
        }
    }

    /// The elements repeated along axes of 1.
    public static func broadcastTo(_ x: SymbolicTensor, _ shape: Shape) -> SymbolicTensor {
        x.broadcast(to: shape)
    }

    /// A slice of `shape` from `startIndices` on; a size of -1 is the rest of the axis.
    public static func slice(_ x: SymbolicTensor, _ startIndices: [Int], _ shape: [Int])
        -> SymbolicTensor
    {
        x.sliced(from: startIndices, sizes: shape)
    }

    /// The tensor's own error, or the error that it does not fit.
    private static func failure(_ x: SymbolicTensor, _ what: String) -> SymbolicTensor {
        let error = GraphError(.invalidArgument(what, fix: "choose axes that it has"))
        return SymbolicTensor(failure: x.error ?? error)
    }
}
