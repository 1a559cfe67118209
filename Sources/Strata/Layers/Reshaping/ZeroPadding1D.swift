/// Adds zeros at the ends of sequences along length.
///
/// ```swift
/// let y = ZeroPadding1D([1, 2])(Input(shape: [5, 3]))  // [?, 8, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first.
/// - Output: the same with length longer by what is added.
///
/// ### Source
/// Keras 3.15.1 `ZeroPadding1D`.
public final class ZeroPadding1D: ZeroPaddingLayer {
    override class var spatialRank: Int { 1 }

    /// - Parameters:
    ///   - padding: one number for both ends, or one for each.
    ///   - dataFormat: where the channels stand.
    ///   - name: unique within a model.
    public convenience init(
        _ padding: any AxisMarginsConvertible = 1, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(SpatialMargins([padding.axisMargins]), dataFormat, name: name)
    }

    /// The same with a number for each end.
    public convenience init(
        _ padding: (Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(SpatialMargins([AxisMargins(padding)]), dataFormat, name: name)
    }
}
