/// The type of a value: what is known before it is computed.
public struct TensorType: Sendable, Hashable {
    public var shape: Shape
    public var dtype: DType

    public init(_ shape: Shape, _ dtype: DType = .float32) {
        self.shape = shape
        self.dtype = dtype
    }
}

extension TensorType: CustomStringConvertible {
    public var description: String { "\(dtype.rawValue)\(shape)" }
}
