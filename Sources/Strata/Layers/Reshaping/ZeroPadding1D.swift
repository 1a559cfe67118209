/// Zero-pads sequences along length.
///
/// ```swift
/// let y = ZeroPadding1D([1, 2])(Input(shape: [5, 3]))  // [?, 8, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first.
/// - Output: the same with length longer by the added elements.
///
/// ### Source
/// Keras 3.15.1 `ZeroPadding1D`.
public final class ZeroPadding1D: ZeroPaddingLayer {
    override class var spatialRank: Int { 1 }

    /// - Parameters:
    ///   - padding: one amount for both ends, or one for each.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init(
        _ padding: any AxisMarginsConvertible = 1, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(SpatialMargins([padding.axisMargins]), dataFormat, name: name)
    }

    /// The same with an amount for each end.
    public convenience init(
        _ padding: (Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(SpatialMargins([AxisMargins(padding)]), dataFormat, name: name)
    }
}
