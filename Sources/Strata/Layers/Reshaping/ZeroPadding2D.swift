/// Zero-pads images along height and width.
///
/// ```swift
/// let y = ZeroPadding2D([[1, 2], [0, 3]])(Input(shape: [4, 5, 3]))  // [?, 7, 8, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first.
/// - Output: the same with height and width longer by the added elements.
///
/// ### Source
/// Keras 3.15.1 `ZeroPadding2D`.
public final class ZeroPadding2D: ZeroPaddingLayer {
    override class var spatialRank: Int { 2 }

    /// - Parameters:
    ///   - padding: one amount, one for each axis, or two for each.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init(
        _ padding: any SpatialMarginsConvertible = 1, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(padding.spatialMargins, dataFormat, name: name)
    }

    /// The same with an amount for each axis.
    public convenience init(
        _ padding: (Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            SpatialMargins([padding.0.axisMargins, padding.1.axisMargins]), dataFormat, name: name)
    }

    /// The same with two amounts for each axis, one for each end.
    public convenience init(
        _ padding: ((Int, Int), (Int, Int)), dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(
            SpatialMargins([AxisMargins(padding.0), AxisMargins(padding.1)]), dataFormat, name: name
        )
    }
}
