internal import CKernels
internal import StrataGraph

/// Columns in float32, summed at the pixels that they come from: the transpose of im2col.
struct Col2imKernel: Kernel {
    var im2col: Im2col
    var columns: Int
    var image: Int

    var implementation: String { "strata:col2im" }
    var reads: [Int] { [columns] }
    var writes: [Int] { [image] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        let (rowTaps, columnTaps) = (im2col.taps(along: 0), im2col.taps(along: 1))
        let tables = [rowTaps.starts, rowTaps.taps, columnTaps.starts, columnTaps.taps].map {
            ArgumentTable($0.map(Int64.init))
        }
        return BoundKernel(
            { strata_run_col2im($0) },
            strata_col2im(
                batch: Int64(im2col.image[0]), height: Int64(im2col.image[1]),
                width: Int64(im2col.image[2]), channels: Int64(im2col.image[3]),
                block: Int64(im2col.block),
                columns_per_image: Int64(im2col.rows.count / im2col.image[0] * im2col.rows.width),
                is_bfloat16: im2col.dtype == .bfloat16 ? 1 : 0, row_starts: tables[0].base,
                row_taps: tables[1].base, column_starts: tables[2].base,
                column_taps: tables[3].base, columns: UnsafePointer(memory.floats(columns)),
                image: memory[image]), tables: tables)
    }
}
