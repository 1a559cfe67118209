internal import StrataGraph

/// The memory of this machine, which bounds the tensors of a layer.
enum MachineMemory {
    static let byteCount = HostMemory.byteCount

    /// The reason why a tensor is too large; `nil` if it is not.
    ///
    /// - Parameters:
    ///   - what: the tensor's name in the message.
    ///   - type: its type; unknown dimensions count as one.
    static func problem(_ what: String, _ type: TensorType) -> GraphError.Problem? {
        let bytes = type.leastByteCount
        guard bytes > byteCount else { return nil }
        return .tooLarge(what: what, shape: type.shape, byteCount: bytes, available: byteCount)
    }
}
