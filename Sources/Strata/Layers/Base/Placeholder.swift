internal import StrataGraph

extension SymbolicTensor {
    /// A placeholder: a value of which only the shape matters.
    ///
    /// Layers are wired before the batch size is known, and traced again once all dimensions are.
    /// Until then a placeholder is the result of an operation that needs them all.
    static func placeholder(_ shape: Shape, _ dtype: DType) -> SymbolicTensor {
        .input("of unknown size", shape, dtype: dtype)
    }
}

extension Shape {
    /// - Throws: if these are not the axes of an image with `rank` spatial axes.
    func checkImage(_ rank: Int) throws(GraphError.Problem) {
        guard self.rank == rank + 2 else {
            let axes = (0..<rank).map { _ in "size" }.joined(separator: ", ")
            throw .wrongRank(got: self, expected: "[batch, \(axes), channels]")
        }
    }
}
