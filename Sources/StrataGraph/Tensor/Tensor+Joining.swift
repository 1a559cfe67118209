extension Tensor {
    /// Tensors concatenated along an axis, in their widest type (NumPy's `concatenate`).
    ///
    /// - Throws: if there are no tensors, or the other axes differ.
    public static func concatenated(_ tensors: [Tensor], axis: Int = 0) throws(GraphError) -> Tensor
    {
        guard let first = tensors.first else {
            throw GraphError(
                .invalidArgument("nothing was given to join", fix: "give at least one tensor"))
        }
        let axis = try first.normalizedAxes(axis)[0]
        let dtype = tensors.reduce(first.dtype) { DType.promoted($0, $1.dtype) }
        let types = tensors.map { TensorType(Shape($0.shape), dtype) }
        let result = try GraphError.checking { () throws(GraphError.Problem) in
            try Concatenate(axis: axis).outputTypes(types)[0].shape
        }
        guard let shape = result.known else { return first }
        let inner = shape[(axis + 1)...].reduce(dtype.byteCount, *)
        let outer = shape[..<axis].reduce(1, *)
        try HostMemory.require("the joined tensor", byteCount: shape.reduce(dtype.byteCount, *))
        let parts = tensors.map { $0.cast(to: dtype) }
        return Tensor(shape: shape, dtype: dtype) { bytes in
            var start = 0
            for part in parts {
                let length = part.shape[axis] * inner
                part.withUnsafeBytes { source in
                    for row in 0..<outer where length > 0 {
                        let to = row * shape[axis] * inner + start
                        UnsafeMutableRawBufferPointer(rebasing: bytes[to..<to + length])
                            .copyMemory(
                                from: UnsafeRawBufferPointer(
                                    rebasing: source[row * length..<(row + 1) * length]))
                    }
                }
                start += length
            }
        }
    }

    /// Tensors of one shape along a new axis, in their widest type (NumPy's `stack`).
    ///
    /// - Throws: if there are no tensors, or their shapes differ.
    public static func stacked(_ tensors: [Tensor], axis: Int = 0) throws(GraphError) -> Tensor {
        var spread: [Tensor] = []
        for tensor in tensors { spread.append(try tensor.expandingDims(at: axis)) }
        return try concatenated(spread, axis: axis)
    }
}
