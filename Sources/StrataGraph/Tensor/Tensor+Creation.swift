extension Tensor {
    /// Ones of any type.
    ///
    /// - Precondition: no dimension is negative, and memory holds the elements.
    public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        Tensor(repeating: 1, shape: shape).cast(to: dtype)
    }

    /// The integers from `start` up to, not including, `stop`, as `int32` (NumPy's `arange`).
    ///
    /// - Precondition: memory holds the elements.
    /// - Throws: if the step is 0, or a value is out of range of `int32`.
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

    /// The integers from 0 up to, not including, `stop`, as `int32` (NumPy's `arange`).
    ///
    /// - Throws: if they are out of range of `int32`.
    public static func arange(_ stop: Int) throws(GraphError) -> Tensor { try arange(0, stop) }

    /// Evenly spaced values from `start` to `stop`, both included, as `float32` (NumPy's
    /// `linspace`).
    ///
    /// - Precondition: memory holds the elements.
    /// - Throws: if `num` is negative.
    public static func linspace(_ start: Double, _ stop: Double, num: Int = 50) throws(GraphError)
        -> Tensor
    {
        _ = try elementCount(of: [num])
        let step = (stop - start) / Double(Swift.max(num - 1, 1))
        return Tensor(
            (0..<num).map { Float($0 == num - 1 && num > 1 ? stop : start + Double($0) * step) })
    }
}
