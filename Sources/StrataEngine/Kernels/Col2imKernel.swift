internal import CKernels
internal import StrataGraph

/// Rows of patches, in float32, added up at their pixels (col2im): the gradient of im2col.
struct Col2imKernel: Kernel {
    var patches: ImagePatches
    var columns: Int
    var image: Int

    var implementation: String { "strata:col2im" }
    var reads: [Int] { [columns] }
    var writes: [Int] { [image] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        let (rowTaps, columnTaps) = (patches.taps(along: 0), patches.taps(along: 1))
        let tables = [rowTaps.starts, rowTaps.taps, columnTaps.starts, columnTaps.taps].map {
            ArgumentTable($0.map(Int64.init))
        }
        return BoundKernel(
            { ck_run_patch_sums($0) },
            ck_patch_sums(
                batch: Int64(patches.image[0]), height: Int64(patches.image[1]),
                width: Int64(patches.image[2]), channels: Int64(patches.image[3]),
                block: Int64(patches.block),
                patches_size: Int64(patches.rows.count / patches.image[0] * patches.rows.width),
                is_bfloat16: patches.dtype == .bfloat16 ? 1 : 0, row_starts: tables[0].base,
                row_taps: tables[1].base, column_starts: tables[2].base,
                column_taps: tables[3].base, patches: UnsafePointer(memory.floats(columns)),
                image: memory[image]), tables: tables)
    }
}
