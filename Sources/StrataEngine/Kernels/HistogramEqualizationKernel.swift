internal import CKernels

/// Histogram equalization of pixel values 0 … 255, for each channel.
struct HistogramEqualizationKernel: Kernel {
    /// How many pixels there are.
    var count: Int
    var channels: Int
    var bins: Int
    var source: Int
    var result: Int
    /// The histogram, one int32 a bin.
    var histogram: Int

    var implementation: String { "strata:histogramEqualization" }
    var reads: [Int] { [source] }
    var writes: [Int] { [result] }
    var scratchpad: Int? { histogram }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_histogram_equalization($0) },
            strata_histogram_equalization(
                count: Int64(count), channels: Int64(channels), bins: Int64(bins),
                source: memory.floats(source), destination: memory.floats(result),
                counts: memory.integers(histogram)))
    }
}
