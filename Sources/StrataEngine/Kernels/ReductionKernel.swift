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
            { ck_run_reduction($0) },
            ck_reduction(
                kind: Int32(kind.raw.rawValue), outer: Int64(split.outer),
                length: Int64(split.length), inner: Int64(split.inner),
                source: memory.floats(source), destination: memory.floats(result)))
    }
}

extension Reduction.Kind {
    fileprivate var raw: ck_reduction_kind {
        switch self {
        case .sum: ck_sum
        case .mean: ck_mean
        case .maximum: ck_reduce_maximum
        case .minimum: ck_reduce_minimum
        case .product: ck_product
        }
    }
}
