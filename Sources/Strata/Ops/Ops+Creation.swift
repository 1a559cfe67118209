extension Ops {
    // MARK: Constant tensors

    /// Zeros.
    public static func zeros(_ shape: Shape, dtype: DType = .float32) -> SymbolicTensor {
        full(shape, 0, dtype: dtype)
    }

    /// Ones.
    public static func ones(_ shape: Shape, dtype: DType = .float32) -> SymbolicTensor {
        full(shape, 1, dtype: dtype)
    }

    /// A constant value.
    public static func full(_ shape: Shape, _ fillValue: Float, dtype: DType = .float32)
        -> SymbolicTensor
    {
        SymbolicTensor.constant(fillValue).broadcast(to: shape).cast(to: dtype)
    }

    /// A constant value in a tensor's shape.
    public static func fullLike(_ x: SymbolicTensor, _ fillValue: Float, dtype: DType? = nil)
        -> SymbolicTensor
    {
        full(x.shape, fillValue, dtype: dtype ?? x.dtype)
    }

    /// Zeros of a tensor's shape and type.
    public static func zerosLike(_ x: SymbolicTensor, dtype: DType? = nil) -> SymbolicTensor {
        fullLike(x, 0, dtype: dtype)
    }

    /// Ones of a tensor's shape and type.
    public static func onesLike(_ x: SymbolicTensor, dtype: DType? = nil) -> SymbolicTensor {
        fullLike(x, 1, dtype: dtype)
    }

    /// Values from `start` up to, not including, `stop`.
    public static func arange(
        _ start: Float, _ stop: Float, step: Float = 1, dtype: DType = .float32
    ) -> SymbolicTensor {
        let count = ((stop - start) / step).rounded(.up)
        guard count.isFinite, count <= Float(longest) else {
            return failure("arange from \(start) to \(stop) by \(step)", "use another step")
        }
        return numbers(Int(Swift.max(count, 0)), dtype) { start + Float($0) * step }
    }

    /// The integers 0, 1 … of a count.
    public static func arange(_ stop: Int, dtype: DType = .int32) -> SymbolicTensor {
        guard stop <= longest else { return failure("arange of \(stop) numbers", "use fewer") }
        return numbers(Swift.max(stop, 0), dtype) { Float($0) }
    }

    /// Evenly spaced values from `start` to `stop`.
    ///
    /// - Parameter endpoint: whether `stop` is included.
    public static func linspace(
        _ start: Float, _ stop: Float, num: Int = 50, endpoint: Bool = true,
        dtype: DType = .float32
    ) -> SymbolicTensor {
        guard (0...longest).contains(num) else {
            return failure("linspace of \(num) numbers", "use 0 to \(longest)")
        }
        let step = (Double(stop) - Double(start)) / Double(Swift.max(endpoint ? num - 1 : num, 1))
        return numbers(num, dtype) { Float(Double(start) + Double($0) * step) }
    }

    /// Ones on a diagonal, zeros elsewhere.
    ///
    /// - Parameters:
    ///   - columns: the number of columns; that of rows if left out.
    ///   - k: the diagonal; positive above the main one.
    public static func eye(_ rows: Int, _ columns: Int? = nil, k: Int = 0, dtype: DType = .float32)
        -> SymbolicTensor
    {
        matrix(rows, columns ?? rows, dtype) { column, row in column - row == k }
    }

    /// Ones on a diagonal and below it, zeros above.
    public static func tri(_ rows: Int, _ columns: Int? = nil, k: Int = 0, dtype: DType = .float32)
        -> SymbolicTensor
    {
        matrix(rows, columns ?? rows, dtype) { column, row in column - row <= k }
    }

    /// The elements on a diagonal of the last two axes and below it, zeros above.
    public static func tril(_ x: SymbolicTensor, k: Int = 0) -> SymbolicTensor {
        triangle(x) { column, row in column - row <= k }
    }

    /// The elements on a diagonal of the last two axes and above it, zeros below.
    public static func triu(_ x: SymbolicTensor, k: Int = 0) -> SymbolicTensor {
        triangle(x) { column, row in column - row >= k }
    }

    // MARK: Implementation

    private static let longest = 1 << 24

    private static func numbers(
        _ count: Int, _ dtype: DType, _ value: (Int) -> Float
    ) -> SymbolicTensor {
        .constant(Tensor((0..<count).map(value), shape: [count]).cast(to: dtype))
    }

    private static func matrix(
        _ rows: Int, _ columns: Int, _ dtype: DType, _ isOne: (Int, Int) -> Bool
    ) -> SymbolicTensor {
        let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !overflows, count <= longest else {
            return failure(
                "a matrix of \(rows) rows and \(columns) columns", "use \(longest) elements at most"
            )
        }
        let values = (0..<count).map { index -> Float in
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            return isOne(column, row) ? 1 : 0
        }
        return .constant(Tensor(values, shape: [rows, columns]).cast(to: dtype))
    }

    private static func triangle(
        _ x: SymbolicTensor, _ stays: (_ column: Int, _ row: Int) -> Bool
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            guard x.rank >= 2, let rows = x.shape[-2], let columns = x.shape[-1] else {
                throw .wrongRank(got: x.shape, expected: "[…, rows, columns] of known length")
            }
            return matrix(rows, columns, .float32, stays).select(x, .constant(0))
        }
    }

    private static func failure(_ what: String, _ fix: String) -> SymbolicTensor {
        SymbolicTensor(failure: GraphError(.invalidArgument(what, fix: fix)))
    }
}
