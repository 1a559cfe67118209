/// The type of a value: what is known before it is computed.
public struct TensorType: Sendable, Hashable {
    public var shape: Shape
    public var dtype: DType

    public init(_ shape: Shape, _ dtype: DType = .float32) {
        self.shape = shape
        self.dtype = dtype
    }
}

extension TensorType {
    /// Throws unless the values have a type that an operation accepts.
    ///
    /// - Parameter what: the values' plural, as "indices".
    func require(_ dtype: DType, of what: String) throws(GraphError.Problem) {
        guard self.dtype == dtype else {
            throw .invalidArgument(
                "\(what) are \(self.dtype.rawValue)", fix: "convert them to \(dtype.rawValue)")
        }
    }

    /// Throws unless the values are floating-point.
    func requireFloatingPoint(of what: String) throws(GraphError.Problem) {
        guard dtype.isFloatingPoint else {
            throw .invalidArgument(
                "\(what) are \(dtype.rawValue)", fix: "convert them to float32 or bfloat16")
        }
    }

    /// Throws unless the shape matches what an operation needs, as far as both are known.
    func require(_ shape: Shape) throws(GraphError.Problem) {
        guard shape.accepts(self.shape) else {
            throw .wrongRank(got: self.shape, expected: "\(shape)")
        }
    }
}

extension TensorType: CustomStringConvertible {
    public var description: String { "\(dtype.rawValue)\(shape)" }
}
