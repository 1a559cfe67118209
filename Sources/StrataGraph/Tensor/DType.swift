/// The element type of a tensor.
///
/// The raw value is the name that Keras writes in a configuration.
public enum DType: String, Sendable, Hashable, CaseIterable {
    case float32
    case bfloat16
    case int32
    case uint8
    case bool

    /// Bytes that one element takes.
    public var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        case .bfloat16: 2
        case .uint8, .bool: 1
        }
    }

    /// Whether it is a floating-point type, and so has a gradient.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .bfloat16: true
        case .int32, .uint8, .bool: false
        }
    }
}
