/// The limits between the algorithms of convolutions, as measured.
///
/// Each is where two algorithms take the same time, on two cores of the processor and at the date behind it:
///
/// | processor | instructions |
/// | --- | --- |
/// | Zen 4 | AVX-512, bfloat16 |
/// | Emerald Rapids (Intel Xeon) | AVX-512, bfloat16, AMX |
enum ConvolutionThresholds {
    // MARK: im2col. Emerald Rapids, 2026-11-28.

    /// The longest rows of results, in pixels, for which a matrix product is faster than the direct kernels, which
    /// are made for long rows.
    static let im2colRow = 4
    /// The same where the columns are used again, or elements are bfloat16: AMX multiplies fast enough.
    static let im2colLongRow = 8
    /// The most columns that a pixel is copied to, on average: of more, the copies cost what the product gains.
    static let im2colOverlap = 2.5
    /// The fewest pixels of results in a batch.
    static let im2colPixels = 256

    // MARK: Implicit GEMM. Emerald Rapids, 2026-11-28.

    /// The most pixels for which reading the weights takes the time.
    static let implicitGEMMPixels = 64
    /// The longest rows for fewer weights, and the most pixels in such rows and in short ones.
    static let implicitGEMMRow = 8
    static let implicitGEMMPixelsInRows = 128
    static let implicitGEMMPixelsInShortRows = 256
    /// The most rows of an inner product.
    static let implicitGEMMRows = 16

    // MARK: Batch-blocked. Emerald Rapids, 2026-11-28.

    /// The most channels and filters: of more, vectors of channels are full.
    static let batchBlockedChannels = 16
    /// The filters, and else the channels, that leave vectors of channels half empty.
    static let batchBlockedFilters = 1...10
    static let batchBlockedInputChannels = 4...10

    // MARK: Winograd's algorithm with strides of 2. Emerald Rapids, 2026-11-28.

    /// The fewest tiles of a batch.
    static let stridedWinogradTiles = 64
    /// Channels times filters: of fewer, the transforms take what is gained; of more, the transformed weights do not
    /// stay in the second-level cache.
    static let stridedWinogradWeights = 2048...16384
    static let stridedWinogradChannels = 32

    // MARK: oneDNN's Winograd, F(4 × 4, 3 × 3). Zen 4, 2026-11-25.

    /// The fewest channels and filters: full vectors.
    static let winogradChannels = 16
    /// The least fraction of the tiles' pixels that are inside of the image.
    static let winogradFill = 0.6
    /// The fewest tiles of a batch.
    static let winogradTiles = 12

    // MARK: oneDNN's direct kernels.

    /// The batch from which on predictions are faster in the blocks of channels that oneDNN chooses for training.
    ///
    /// By 5 to 15 %. Zen 4, 2026-11-25.
    static let blockedPredictionBatch = 8
    /// The most channels, and the longest rows, for which a weights gradient in bfloat16 is faster in float32.
    ///
    /// AMX's kernels transpose both sources to fill tiles of 32 channels. For one channel, and 13 x 13
    /// pixels of 32 filters, batch 128, they take 0.8 ms; those of float32 take 0.2 ms with the conversions. On rows
    /// of 32 pixels both take the same. Emerald Rapids, 2026-11-28.
    static let float32GradientChannels = 3
    static let float32GradientRow = 16
}
