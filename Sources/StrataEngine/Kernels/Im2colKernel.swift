internal import CKernels
internal import StrataGraph

/// im2col: the patches that a convolution multiplies, as rows of a matrix (Chellapilla et al., 2006).
struct Im2colKernel: Kernel {
    var im2col: Im2col
    var image: Int
    var columns: Int

    var implementation: String { "strata:im2col" }
    var reads: [Int] { [image] }
    var writes: [Int] { [columns] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_im2col()
        (raw.batch, raw.height) = (Int64(im2col.image[0]), Int64(im2col.image[1]))
        (raw.width, raw.channels) = (Int64(im2col.image[2]), Int64(im2col.image[3]))
        raw.block = Int64(im2col.block)
        (raw.output_height, raw.output_width) = (
            Int64(im2col.output[1]), Int64(im2col.output[2])
        )
        let window = im2col.window
        copyAxes(window.size, to: &raw.kernel)
        copyAxes(window.strides, to: &raw.strides)
        copyAxes(window.dilations, to: &raw.dilations)
        copyAxes(
            (0..<2).map { window.edgePadding($0, length: im2col.image[$0 + 1]).before },
            to: &raw.padding_before)
        raw.element_size = Int32(im2col.dtype.byteCount)
        raw.image = UnsafePointer(memory.bytes(image))
        raw.columns = memory.bytes(columns)
        return BoundKernel({ strata_run_im2col($0) }, raw)
    }
}
