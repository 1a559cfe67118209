internal import CKernels
internal import StrataGraph

/// A box copied between positions given by strides: transposes, slices, padding, flipped kernels.
struct StridedCopyKernel: Kernel {
    var copy: StridedCopy
    var source: Int
    var result: Int

    var implementation: String { "strata:copy" }
    var reads: [Int] { [source] }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_strided_copy()
        let isScalar = copy.dims.isEmpty
        raw.rank = Int32(isScalar ? 1 : copy.dims.count)
        raw.element_size = Int32(copy.elementSize)
        if let fill = copy.fill {
            raw.has_fill = 1
            raw.fill = fill.value
            raw.fill_count = Int64(fill.count)
        }
        copyAxes(isScalar ? [1] : copy.dims, to: &raw.dims)
        copyAxes(copy.sourceStrides, to: &raw.source_strides)
        copyAxes(copy.destinationStrides, to: &raw.destination_strides)
        raw.source = UnsafePointer(memory.bytes(source))
        raw.destination = memory.bytes(result)
        raw.source_offset = Int64(copy.sourceOffset)
        raw.destination_offset = Int64(copy.destinationOffset)
        return BoundKernel({ strata_run_strided_copy($0) }, raw)
    }
}

/// What a strided copy moves; strides and offsets in elements.
struct StridedCopy: Sendable {
    var dims: [Int]
    var sourceStrides: [Int]
    var destinationStrides: [Int]
    var sourceOffset = 0
    var destinationOffset = 0
    var elementSize: Int
    /// What to write everywhere before.
    var fill: (value: Float, count: Int)?

    /// The axes of a row-major array in another order.
    static func transposing(_ shape: [Int], _ order: [Int], elementSize: Int) -> StridedCopy {
        let strides = rowMajorStrides(shape)
        let dims = order.map { shape[$0] }
        return StridedCopy(
            dims: dims, sourceStrides: order.map { strides[$0] },
            destinationStrides: rowMajorStrides(dims), elementSize: elementSize)
    }
}
