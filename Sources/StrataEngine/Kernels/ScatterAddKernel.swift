internal import CKernels

/// Rows added to a table of zeros at their indices, in float32: the gradient of a gather.
struct ScatterAddKernel: Kernel {
    /// How many rows the table has.
    var rows: Int
    /// How many indices there are.
    var count: Int
    /// How many elements a row has.
    var width: Int
    var source: Int
    var indices: Int
    var table: Int

    var implementation: String { "strata:scatterAdd" }
    var reads: [Int] { [source, indices] }
    var writes: [Int] { [table] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_scatter_add($0) },
            strata_scatter_add(
                rows: Int64(rows), count: Int64(count), width: Int64(width),
                source: memory.floats(source), indices: memory.integers(indices),
                destination: memory.floats(table)))
    }
}
