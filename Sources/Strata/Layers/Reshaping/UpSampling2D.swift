/// Enlarges images along height and width, by repeating places or by interpolating between them.
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
    ///   - size: how often as long height and width become.
    ///   - dataFormat: where the channels stand.
    ///   - interpolation: what stands between the places.
    ///   - name: unique within a model.
    public convenience init<each Size: IntegerList>(
        _ size: (repeat each Size) = (), dataFormat: DataFormat = .channelsLast,
        interpolation: Interpolation = .nearest, name: String? = nil
    ) {
        let size = SpatialSize(joining: repeat each size, or: 2)
        self.init(size, dataFormat, interpolation, name: name)
    }
}
