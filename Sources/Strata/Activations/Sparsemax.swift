extension SymbolicTensor {
    /// Sparsemax: the values along an axis minus a threshold, and at least 0, so that many are 0.
    ///
    /// After Martins and Astudillo, 2016 (arXiv 1602.02068), with the threshold as Keras 3.15.1
    /// `activations.sparsemax` has it: the sums up to each element of the support are added up,
    /// where the paper takes the last of them. Results add up to 1 only if the support has one
    /// element.
    ///
    /// - Complexity: O(n²) in time and memory for an axis of length n.
    public func sparsemax(axis: Int = -1) -> SymbolicTensor {
        guard error == nil else { return self }
        guard let axis = shape.normalized(axis: axis) else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument("\(shape) has no axis \(axis)", fix: "choose one that it has")
                ))
        }
        let last = rank - 1
        if axis != last {
            var order = Array(0..<rank)
            order.swapAt(axis, last)
            return transposed(order).sparsemax().transposed(order)
        }
        // Keras sorts. Comparing all pairs gives each element's rank and the sum up to it without
        // sorting.
        let isBefore = isBeforeOrSelf()
        let others = reshaped(Shape(shape.dimensions.dropLast() + [1, shape[last]]))
        let index = isBefore.sum(axes: [last + 1])
        let sum = (isBefore * others).sum(axes: [last + 1])
        let isSupport = (self - (sum - 1) / index).greater(than: 0)
        let excess = (isSupport * sum).sum(axes: [last], keepDimensions: true) - 1
        let threshold = excess / isSupport.sum(axes: [last], keepDimensions: true)
        return (self - threshold).relu()
    }
}
