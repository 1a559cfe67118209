/// Crops images along height and width.
///
/// ```swift
/// let y = Cropping2D([[1, 2], [0, 3]])(Input(shape: [8, 9, 3]))  // [?, 5, 6, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first.
/// - Output: the same with height and width shorter by the cropped elements.
///
/// ### Errors
/// Reported when the model is built: nothing is left of an axis.
///
/// ### Source
/// Keras 3.15.1 `Cropping2D`.
public final class Cropping2D: CroppingLayer {
    override class var defaultMargins: SpatialMargins { 0 }

    override class var spatialRank: Int { 2 }

    /// - Parameters:
    ///   - cropping: one amount, one for each axis, or two for each.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init(
        _ cropping: any SpatialMarginsConvertible = 0, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(cropping.spatialMargins, dataFormat, name: name)
    }

    /// The same with an amount for each axis.
    public convenience init(
        _ cropping: (Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            SpatialMargins([cropping.0.axisMargins, cropping.1.axisMargins]), dataFormat, name: name
        )
    }

    /// The same with two amounts for each axis, one for each end.
    public convenience init(
        _ cropping: ((Int, Int), (Int, Int)), dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(
            SpatialMargins([AxisMargins(cropping.0), AxisMargins(cropping.1)]), dataFormat,
            name: name)
    }
}
