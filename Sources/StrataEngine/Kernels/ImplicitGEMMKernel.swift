internal import CKernels

/// A convolution or an inner product of few images as an implicit GEMM over packed weights.
struct ImplicitGEMMKernel: Kernel {
    var products: WindowProducts
    var image: Int
    var weights: Int
    var bias: Int?
    var result: Int
    /// Whether the products are added to what is in `result`.
    var accumulates = false

    var implementation: String { "strata:implicitGEMM" }
    var reads: [Int] { [image, weights] + [bias, accumulator].compactMap(\.self) }
    var writes: [Int] { [result] }
    var accumulator: Int? { accumulates ? result : nil }

    func bind(to memory: KernelMemory) -> BoundKernel {
        let windows = ArgumentTable(products.windows)
        var raw = ck_windows()
        raw.images = Int64(products.places[0])
        (raw.rows, raw.columns) = (Int64(products.places[1]), Int64(products.places[2]))
        (raw.height, raw.width) = (Int64(products.size[0]), Int64(products.size[1]))
        copyAxes(products.strides, to: &raw.strides)
        copyAxes(products.low, to: &raw.low)
        raw.has_edges = products.hasEdges ? 1 : 0
        copyAxes(products.steps, to: &raw.steps)
        (raw.runs, raw.run) = (Int64(products.windows.count), Int64(products.run))
        raw.filters = Int64(products.filters)
        raw.activation = products.activation.opcode
        raw.windows = windows.base
        raw.image = UnsafePointer(memory.floats(image))
        raw.weights = UnsafePointer(memory.floats(weights))
        raw.bias = bias.map { UnsafePointer(memory.floats($0)) }
        raw.result = memory.floats(result)
        raw.adds = accumulates ? 1 : 0
        return BoundKernel({ ck_run_windows($0) }, raw, tables: [windows])
    }
}
