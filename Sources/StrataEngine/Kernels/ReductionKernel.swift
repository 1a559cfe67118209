internal import CKernels
internal import StrataGraph

/// A reduction over axes that are next to each other, in float32.
struct ReductionKernel: Kernel {
    var kind: Reduction.Kind
    var split: AxisSplit
    var source: Int
    var result: Int

    var implementation: String { "strata:reduction" }
    var reads: [Int] { [source] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_reduction($0) },
            strata_reduction(
                kind: Int32(kind.raw.rawValue), outer: Int64(split.outer),
                length: Int64(split.length), inner: Int64(split.inner),
                source: memory.floats(source), destination: memory.floats(result)))
    }
}

extension Reduction.Kind {
    fileprivate var raw: strata_reduction_kind {
        switch self {
        case .sum: strata_sum
        case .mean: strata_mean
        case .maximum: strata_reduce_maximum
        case .minimum: strata_reduce_minimum
        case .product: strata_product
        }
    }
}
