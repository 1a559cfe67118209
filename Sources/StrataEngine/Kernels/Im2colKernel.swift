internal import CKernels
internal import StrataGraph

/// The patches of images that a convolution sees as rows of a matrix (im2col; Chellapilla et al., 2006).
struct Im2colKernel: Kernel {
    var patches: ImagePatches
    var image: Int
    var columns: Int

    var implementation: String { "strata:im2col" }
    var reads: [Int] { [image] }
    var writes: [Int] { [columns] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = ck_patches()
        (raw.batch, raw.height) = (Int64(patches.image[0]), Int64(patches.image[1]))
        (raw.width, raw.channels) = (Int64(patches.image[2]), Int64(patches.image[3]))
        raw.block = Int64(patches.block)
        (raw.rows, raw.columns) = (Int64(patches.output[1]), Int64(patches.output[2]))
        let window = patches.window
        copyAxes(window.size, to: &raw.kernel)
        copyAxes(window.strides, to: &raw.strides)
        copyAxes(window.dilations, to: &raw.dilations)
        copyAxes(
            (0..<2).map { window.margins($0, length: patches.image[$0 + 1]).low }, to: &raw.low)
        raw.element_size = Int32(patches.dtype.byteCount)
        raw.image = UnsafePointer(memory.bytes(image))
        raw.patches = memory.bytes(columns)
        return BoundKernel({ ck_run_patches($0) }, raw)
    }
}
