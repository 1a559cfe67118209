/// Upsamples volumes by repetition along depth, height and width.
///
/// ```swift
/// let y = UpSampling3D(2)(Input(shape: [3, 4, 2, 2]))  // [?, 6, 8, 4, 2]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: the same with depth, height and width `size` times as long.
///
/// ### Source
/// Keras 3.15.1 `UpSampling3D`.
public final class UpSampling3D: UpSamplingLayer {
    override class var spatialRank: Int { 3 }

    /// - Parameters:
    ///   - size: the number of repetitions along each axis.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init<each Size: IntegerList>(
        _ size: (repeat each Size) = (), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        let size = SpatialSize(joining: repeat each size, or: 2)
        self.init(size, dataFormat, .nearest, name: name)
    }
}
