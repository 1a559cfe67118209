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
}
