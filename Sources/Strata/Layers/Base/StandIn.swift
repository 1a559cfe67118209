internal import StrataGraph

extension SymbolicTensor {
    /// A value of which only the shape matters yet.
    ///
    /// Layers are wired before the batch's size is known, and traced again, for computing, once all
    /// dimensions are. Where an operation needs them all, this stands for its result until then.
    static func standIn(_ shape: Shape, _ dtype: DType) -> SymbolicTensor {
        .input("of unknown size", shape, dtype: dtype)
    }
}

extension Shape {
    /// - Throws: where these are not the axes of an image with `rank` spatial ones.
    func checkImage(_ rank: Int) throws(GraphError.Problem) {
        guard self.rank == rank + 2 else {
            let axes = (0..<rank).map { _ in "size" }.joined(separator: ", ")
            throw .wrongRank(got: self, expected: "[batch, \(axes), channels]")
        }
    }
}
