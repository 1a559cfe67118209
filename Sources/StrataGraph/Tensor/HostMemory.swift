internal import Glibc

/// The memory that tensors of this process can have.
package enum HostMemory {
    /// The bytes of the machine, or the process's limit of them (`ulimit -v`), whichever is less.
    package static let byteCount: Double = {
        let machine = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
            return machine
        }
        return min(machine, Double(limit.rlim_cur))
    }()

    /// The reason why a tensor is too large; `nil` if it is not.
    ///
    /// - Parameters:
    ///   - what: the tensor's name in the message.
    ///   - type: its type; unknown dimensions count as one.
    package static func problem(_ what: String, _ type: TensorType) -> GraphError.Problem? {
        let bytes = type.leastByteCount
        guard bytes > byteCount else { return nil }
        return .tooLarge(what: what, shape: type.shape, byteCount: bytes, available: byteCount)
    }
}
