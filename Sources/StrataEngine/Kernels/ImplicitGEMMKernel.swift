internal import CKernels

/// A convolution or an inner product of few images as an implicit GEMM over packed weights.
struct ImplicitGEMMKernel: Kernel {
    var gemm: ImplicitGEMM
    var image: Int
    var weights: Int
    var bias: Int?
    var result: Int
    /// Whether the product is added to what is in `result`.
    var accumulates = false

    var implementation: String { "strata:implicitGEMM" }
    var reads: [Int] { [image, weights] + [bias, accumulator].compactMap(\.self) }
    var writes: [Int] { [result] }
    var accumulator: Int? { accumulates ? result : nil }

    func bind(to memory: KernelMemory) -> BoundKernel {
        let runs = ArgumentTable(gemm.runs)
        var raw = strata_implicit_gemm()
        raw.images = Int64(gemm.output[0])
        (raw.rows, raw.columns) = (Int64(gemm.output[1]), Int64(gemm.output[2]))
        (raw.height, raw.width) = (Int64(gemm.size[0]), Int64(gemm.size[1]))
        copyAxes(gemm.strides, to: &raw.strides)
        copyAxes(gemm.paddingBefore, to: &raw.padding_before)
        raw.has_padding = gemm.hasPadding ? 1 : 0
        copyAxes(gemm.imageStrides, to: &raw.image_strides)
        (raw.run_count, raw.run_length) = (Int64(gemm.runs.count), Int64(gemm.runLength))
        raw.filters = Int64(gemm.filters)
        raw.activation = gemm.activation.opcode
        raw.runs = runs.base
        raw.image = UnsafePointer(memory.floats(image))
        raw.weights = UnsafePointer(memory.floats(weights))
        raw.bias = bias.map { UnsafePointer(memory.floats($0)) }
        raw.result = memory.floats(result)
        raw.accumulates = accumulates ? 1 : 0
        return BoundKernel({ strata_run_implicit_gemm($0) }, raw, tables: [runs])
    }
}
