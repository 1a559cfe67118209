extension Tensor {
    /// A part of the tensor, with an index for each axis; axes without an index are whole.
    ///
    /// ```swift
    /// x[0]                                      // the first picture, without the first axis
    /// x[-1]                                     // the last one
    /// x[0..<10]                                 // ten pictures; also x[..<10], x[10...], x[(-5)...]
    /// x[..., 0]                                 // the first channel
    /// x[0..., 4..<24, 4..<24]                   // the middle of each; 0... is a whole axis
    /// x[stride(from: 0, to: 60_000, by: 100)]   // every hundredth
    /// x[[3, 1, 4]]                              // some, in this order
    /// x[y .== 3]                                // those of class 3
    /// ```
    ///
    /// As in NumPy: an `Int` selects one index and removes the axis; negative indices count from
    /// the end; ranges are clipped to the axis. Unlike NumPy, several lists are applied axis by
    /// axis. A part can be assigned a tensor that broadcasts to its shape; the type of the whole is
    /// kept.
    ///
    /// - Precondition: the axes and indices exist; the message has the shape.
    ///   ``gathering(_:axis:)-([Int],_)`` throws instead.
    public subscript(indices: any TensorIndex...) -> Tensor {
        get { part(indices, []) }
        set { setPart(indices, [], to: newValue) }
    }

    /// A part of the tensor, with the last indices for the last axes: `x[..., 0]`.
    ///
    /// - Precondition: the axes and indices exist.
    public subscript(whole: UnboundedRange, last: any TensorIndex...) -> Tensor {
        get { part([], last) }
        set { setPart([], last, to: newValue) }
    }

    /// A part of the tensor, with an index for the first axis, and the others for the last axes:
    /// `x[0, ..., 0]`.
    ///
    /// - Precondition: the axes and indices exist.
    public subscript(
        first: any TensorIndex, whole: UnboundedRange, last: any TensorIndex...
    ) -> Tensor {
        get { part([first], last) }
        set { setPart([first], last, to: newValue) }
    }

    /// The slices at some indices of an axis, in order (NumPy's `take`).
    ///
    /// - Throws: if there is no such axis or index.
    public func gathering(_ indices: [Int], axis: Int = 0) throws(GraphError) -> Tensor {
        let axis = try normalizedAxes(axis)[0]
        var (offsets, shape) = (axisOffsets, self.shape)
        offsets[axis] = try indices.selection(ofAxis: axis, in: shape).offsets(
            stride: rowMajorStrides(self.shape)[axis])
        shape[axis] = indices.count
        return Tensor(storage: storage.picking(offsets), shape: shape)
    }

    /// The slices at the indices in a tensor of integers, in order (NumPy's `take`).
    ///
    /// - Throws: if there is no such axis or index.
    public func gathering(_ indices: Tensor, axis: Int = 0) throws(GraphError) -> Tensor {
        try gathering(indices.integers, axis: axis)
    }

    private func part(_ first: [any TensorIndex], _ last: [any TensorIndex]) -> Tensor {
        if let mask = mask(first, last) { return flattened().part([mask.flattened()], []) }
        return required { () throws(GraphError) in
            let selected = try selected(first, last)
            return Tensor(storage: storage.picking(selected.offsets), shape: selected.shape)
        }
    }

    private mutating func setPart(
        _ first: [any TensorIndex], _ last: [any TensorIndex], to value: Tensor
    ) {
        let (offsets, part) = required { () throws(GraphError) in
            if let mask = mask(first, last) {
                let axesInOrder = mask.positions
                let part = try value.cast(to: dtype).broadcast(to: [axesInOrder.count])
                return ([AxisOffsets.listed(axesInOrder)], part)
            }
            let selected = try selected(first, last)
            let part = try value.cast(to: dtype).broadcast(to: selected.shape)
            return (selected.offsets, part)
        }
        storage.put(part.storage, at: offsets)
    }

    /// The only index, if it is a boolean mask over more than one axis.
    private func mask(_ first: [any TensorIndex], _ last: [any TensorIndex]) -> Tensor? {
        guard first.count == 1, last.isEmpty, let mask = first[0] as? Tensor,
            mask.dtype == .bool, mask.rank > 1, mask.shape == shape
        else { return nil }
        return mask
    }

    /// The offsets of the elements of a part, and its shape.
    private func selected(
        _ first: [any TensorIndex], _ last: [any TensorIndex]
    ) throws(GraphError) -> (offsets: [AxisOffsets], shape: [Int]) {
        guard first.count + last.count <= rank else {
            throw GraphError(
                .invalidArgument(
                    "\(first.count + last.count) indices were given for a tensor of shape \(shape)",
                    fix: "give one for each axis at most"))
        }
        var offsets: [AxisOffsets] = []
        var shape: [Int] = []
        for (axis, stride) in rowMajorStrides(self.shape).enumerated() {
            let fromEnd = axis - (rank - last.count)
            let index: (any TensorIndex)? =
                axis < first.count ? first[axis] : fromEnd >= 0 ? last[fromEnd] : nil
            let selection =
                try index?.selection(ofAxis: axis, in: self.shape) ?? .slice(0..<self.shape[axis])
            let own = selection.offsets(stride: stride)
            offsets.append(own)
            if case .position = selection { continue }
            shape.append(own.count)
        }
        return (offsets, shape)
    }
}

extension Tensor: Sequence {
    /// The slices along the first axis: `for image in images`.
    ///
    /// - Precondition: the tensor has an axis.
    public func makeIterator() -> some IteratorProtocol<Tensor> {
        let length = required { () throws(GraphError) in
            guard let length = shape.first else {
                throw GraphError(
                    .wrongRank(got: Shape(shape), expected: "a tensor with an axis"))
            }
            return length
        }
        return (0..<length).lazy.map { self[$0] }.makeIterator()
    }
}
