internal import CKernels

/// The threads that oneDNN and the loops beside it work on: one OpenMP team.
package enum Threads {
    /// How many threads work; at first the cores that the process may use.
    package static var count: Int {
        get { Int(ck_threads()) }
        set { ck_set_threads(Int32(clamping: max(newValue, 1))) }
    }
}
