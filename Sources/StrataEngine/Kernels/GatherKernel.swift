internal import CKernels

/// Rows of a table by their indices.
struct GatherKernel: Kernel {
    /// How many rows the table has.
    var rows: Int
    /// How many indices there are.
    var count: Int
    var rowByteCount: Int
    var table: Int
    var indices: Int
    var result: Int

    var implementation: String { "strata:gather" }
    var reads: [Int] { [table, indices] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_gather($0) },
            strata_gather(
                rows: Int64(rows), count: Int64(count), row_size: Int64(rowByteCount),
                source: UnsafePointer(memory.bytes(table)), indices: memory.integers(indices),
                destination: memory.bytes(result)))
    }
}
