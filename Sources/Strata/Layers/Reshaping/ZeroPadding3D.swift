/// Zero-pads volumes along depth, height and width.
///
/// ```swift
/// let y = ZeroPadding3D([1, 0, 2])(Input(shape: [3, 4, 2, 2]))  // [?, 5, 4, 6, 2]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: the same with depth, height and width longer by the added elements.
///
/// ### Source
/// Keras 3.15.1 `ZeroPadding3D`.
public final class ZeroPadding3D: ZeroPaddingLayer {
    override class var spatialRank: Int { 3 }

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
        _ padding: (Int, Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            SpatialMargins([padding.0.axisMargins, padding.1.axisMargins, padding.2.axisMargins]),
            dataFormat, name: name)
    }

    /// The same with two amounts for each axis, one for each end.
    public convenience init(
        _ padding: ((Int, Int), (Int, Int), (Int, Int)), dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(
            SpatialMargins([AxisMargins(padding.0), AxisMargins(padding.1), AxisMargins(padding.2)]
            ), dataFormat, name: name)
    }
}
