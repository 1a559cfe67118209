extension Tensor {
    /// Ones of any type.
    ///
    /// - Precondition: no dimension is negative, and memory holds the elements.
    public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        Tensor(repeating: 1, shape: shape).cast(to: dtype)
    }

    /// The whole numbers from `start` on that stay before `stop`, as `int32` (NumPy's `arange`).
    ///
    /// - Precondition: memory holds the elements.
    /// - Throws: where the step is 0, or `int32` does not hold a number.
    public static func arange(_ start: Int, _ stop: Int, step: Int = 1) throws(GraphError) -> Tensor
    {
        guard step != 0, Int32(exactly: start) != nil, Int32(exactly: stop) != nil else {
            throw GraphError(
                .invalidArgument(
                    "arange from \(start) to \(stop) by \(step)",
                    fix: "use a step other than 0, and numbers that int32 holds"))
        }
        return Tensor(stride(from: start, to: stop, by: step).map { Int32(truncatingIfNeeded: $0) })
    }

    /// The whole numbers from 0 on that stay below `stop`, as `int32` (NumPy's `arange`).
    ///
    /// - Throws: where `int32` does not hold them.
    public static func arange(_ stop: Int) throws(GraphError) -> Tensor { try arange(0, stop) }

    /// Numbers at even distances from `start` to `stop`, both included, as `float32` (NumPy's `linspace`).
    ///
    /// - Precondition: memory holds the elements.
    /// - Throws: where `num` is negative.
    public static func linspace(_ start: Double, _ stop: Double, num: Int = 50) throws(GraphError)
        -> Tensor
    {
        _ = try elementCount(of: [num])
        let step = (stop - start) / Double(Swift.max(num - 1, 1))
        return Tensor(
            (0..<num).map { Float($0 == num - 1 && num > 1 ? stop : start + Double($0) * step) })
    }
}
