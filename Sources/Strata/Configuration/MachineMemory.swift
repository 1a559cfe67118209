internal import Foundation
internal import StrataGraph

/// The memory of this machine, which bounds what a layer may ask for.
enum MachineMemory {
    static let byteCount = Double(ProcessInfo.processInfo.physicalMemory)

    /// Why a tensor cannot be made; `nil` where it can.
    ///
    /// - Parameters:
    ///   - what: the tensor, in a message.
    ///   - type: its type; unknown dimensions count as one.
    static func problem(_ what: String, _ type: TensorType) -> GraphError.Problem? {
        let bytes = type.leastByteCount
        guard bytes > byteCount else { return nil }
        return .tooLarge(what: what, shape: type.shape, byteCount: bytes, available: byteCount)
    }
}
