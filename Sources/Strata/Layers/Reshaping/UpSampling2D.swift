/// Upsamples images along height and width, by repetition or interpolation.
///
/// ```swift
/// let y = UpSampling2D([2, 3], interpolation: .bilinear)(Input(shape: [4, 5, 3]))  // [?, 8, 15, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first.
/// - Output: the same with height and width `size` times as long.
///
/// ### Source
/// Keras 3.15.1 `UpSampling2D`.
public final class UpSampling2D: UpSamplingLayer {
    override class var spatialRank: Int { 2 }

    /// - Parameters:
    ///   - size: the factors of height and width.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - interpolation: the interpolation method.
    ///   - name: unique within a model.
    public convenience init<each Size: IntegerList>(
        _ size: (repeat each Size) = (), dataFormat: DataFormat = .channelsLast,
        interpolation: Interpolation = .nearest, name: String? = nil
    ) {
        let size = SpatialSize(joining: repeat each size, or: 2)
        self.init(size, dataFormat, interpolation, name: name)
    }
}
