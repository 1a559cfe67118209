/// The error handling of operators, subscripts, literals and initializers, which cannot throw.
///
/// It ends the process with the error's text: the shapes and a fix. This is the only function of
/// the library that ends a process; each caller names the throwing alternative in its
/// documentation.
func required<T>(_ body: () throws(GraphError) -> T) -> T {
    do throws(GraphError) {
        return try body()
    } catch {
        // Not `precondition`, which says nothing in a release build.
        fatalError(error.description)
    }
}

extension GraphError {
    /// The result of a shape rule, or its problem as a thrown error.
    static func checking<T>(_ body: () throws(Problem) -> T) throws(GraphError) -> T {
        do throws(Problem) {
            return try body()
        } catch {
            throw GraphError(error)
        }
    }
}

extension Tensor {
    /// The number of elements of a new tensor of this shape.
    ///
    /// - Throws: if memory does not hold them.
    static func newElementCount(of shape: [Int], _ dtype: DType) throws(GraphError) -> Int {
        let count = try elementCount(of: shape)
        let type = TensorType(Shape(shape), dtype)
        let problem =
            HostMemory.problem("a tensor", type)
            ?? HostMemory.shortage("a tensor", byteCount: type.leastByteCount)
        if let problem { throw GraphError(problem) }
        return count
    }

    /// The number of elements of a tensor of this shape.
    ///
    /// - Throws: if a dimension is negative, or there are more elements than can be addressed.
    static func elementCount(of shape: [Int]) throws(GraphError) -> Int {
        let type = Shape(shape)
        guard type.isPossible, let count = type.elementCount else {
            throw GraphError(
                .invalidArgument(
                    "no tensor has the shape \(type)",
                    fix: "use dimensions that are not negative, and fewer elements"))
        }
        return count
    }
}
