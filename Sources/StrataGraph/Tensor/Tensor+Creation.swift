extension Tensor {
    /// Ones of any type.
    ///
    /// - Precondition: no dimension is negative, and memory holds the elements.
    public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        Tensor(repeating: 1, shape: shape).cast(to: dtype)
    }

    /// The integers from `start` up to, not including, `stop`, as `int32` (NumPy's `arange`).
    ///
    /// - Throws: if the step is 0, a value is out of range of `int32`, or memory does not hold them.
    public static func arange(_ start: Int, _ stop: Int, step: Int = 1) throws(GraphError) -> Tensor
    {
        guard step != 0, Int32(exactly: start) != nil, Int32(exactly: stop) != nil else {
            throw GraphError(
                .invalidArgument(
                    "arange from \(start) to \(stop) by \(step)",
                    fix: "use a step other than 0, and numbers that int32 holds"))
        }
        let count = Swift.max((Double(stop - start) / Double(step)).rounded(.up), 0)
        _ = try newElementCount(of: [Int(count)], .int32)
        return Tensor(stride(from: start, to: stop, by: step).map { Int32(truncatingIfNeeded: $0) })
    }

    /// The integers from 0 up to, not including, `stop`, as `int32` (NumPy's `arange`).
    ///
    /// - Throws: if they are out of range of `int32`.
    public static func arange(_ stop: Int) throws(GraphError) -> Tensor { try arange(0, stop) }

    /// Evenly spaced values from `start` to `stop`, both included, as `float32` (NumPy's
    /// `linspace`).
    ///
    /// - Throws: if `num` is negative, or memory does not hold the values.
    public static func linspace(_ start: Double, _ stop: Double, num: Int = 50) throws(GraphError)
        -> Tensor
    {
        _ = try newElementCount(of: [num], .float32)
        let step = (stop - start) / Double(Swift.max(num - 1, 1))
        return Tensor(
            (0..<num).map { Float($0 == num - 1 && num > 1 ? stop : start + Double($0) * step) })
    }
}
