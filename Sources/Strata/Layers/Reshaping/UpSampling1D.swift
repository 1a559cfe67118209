/// Upsamples sequences by repetition along length.
///
/// ```swift
/// let y = UpSampling1D(3)(Input(shape: [5, 3]))  // [?, 15, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`.
/// - Output: the same with length `size` times as long.
///
/// ### Source
/// Keras 3.15.1 `UpSampling1D`.
public final class UpSampling1D: UpSamplingLayer {
    override class var spatialRank: Int { 1 }

    /// - Parameters:
    ///   - size: the number of repetitions.
    ///   - name: unique within a model.
    public convenience init(
        _ size: Int = 2, name: String? = nil
    ) {
        self.init([size], .channelsLast, .nearest, name: name)
    }
}
