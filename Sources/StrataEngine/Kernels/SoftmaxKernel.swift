internal import CKernels

/// Softmax along an axis, or its logarithm, in float32.
struct SoftmaxKernel: Kernel {
    var isLogarithm: Bool
    var split: AxisSplit
    var source: Int
    var result: Int

    var implementation: String { "strata:softmax" }
    var reads: [Int] { [source] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_softmax($0) },
            strata_softmax(
                outer: Int64(split.outer), length: Int64(split.length),
                inner: Int64(split.inner), is_logarithm: isLogarithm ? 1 : 0,
                source: memory.floats(source), destination: memory.floats(result)))
    }
}
