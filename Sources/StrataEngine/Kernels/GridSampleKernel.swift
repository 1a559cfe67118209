internal import CKernels
internal import StrataGraph

/// Images sampled at a grid of positions, or the gradient of that with respect to the images.
struct GridSampleKernel: Kernel {
    var gridSample: GridSample
    /// [batch, height, width, channels] of the images.
    var imageShape: [Int]
    /// [batch, height, width, channels] of what is sampled from them.
    var sampleShape: [Int]
    var isBackward: Bool
    var images: Int
    /// The row and the column of every sample.
    var grid: Int
    var samples: Int

    var implementation: String { "strata:gridSample" }
    var reads: [Int] { [isBackward ? samples : images, grid] }
    var writes: [Int] { [isBackward ? images : samples] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            isBackward ? { strata_run_grid_sample_backward($0) } : { strata_run_grid_sample($0) },
            strata_grid_sample(
                is_bilinear: gridSample.isBilinear ? 1 : 0,
                fill: Int32(gridSample.fill.raw.rawValue), fill_value: gridSample.fillValue,
                batch: Int64(imageShape[0]), height: Int64(imageShape[1]),
                width: Int64(imageShape[2]), channels: Int64(imageShape[3]),
                new_height: Int64(sampleShape[1]), new_width: Int64(sampleShape[2]),
                images: memory.floats(images), grid: memory.floats(grid),
                samples: memory.floats(samples)))
    }
}

extension GridSample.Fill {
    fileprivate var raw: strata_fill {
        switch self {
        case .constant: strata_fill_constant
        case .nearest: strata_fill_nearest
        case .wrap: strata_fill_wrap
        case .reflect: strata_fill_reflect
        case .mirror: strata_fill_mirror
        }
    }
}
