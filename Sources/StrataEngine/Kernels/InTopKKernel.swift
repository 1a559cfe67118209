internal import CKernels

/// Whether a row's target is among the `k` classes with the largest predictions.
struct InTopKKernel: Kernel {
    var rows: Int
    var classes: Int
    var k: Int
    var predictions: Int
    var targets: Int
    var result: Int

    var implementation: String { "strata:inTopK" }
    var reads: [Int] { [predictions, targets] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_in_top_k($0) },
            strata_in_top_k(
                rows: Int64(rows), classes: Int64(classes), k: Int64(k),
                predictions: memory.floats(predictions), targets: memory.integers(targets),
                destination: memory.floats(result)))
    }
}
