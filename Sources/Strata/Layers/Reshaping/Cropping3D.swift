/// Crops volumes along depth, height and width.
///
/// ```swift
/// let y = Cropping3D([1, 0, 2])(Input(shape: [5, 6, 7, 2]))  // [?, 3, 6, 3, 2]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: the same with depth, height and width shorter by the cropped elements.
///
/// ### Errors
/// Reported when the model is built: nothing is left of an axis.
///
/// ### Source
/// Keras 3.15.1 `Cropping3D`.
public final class Cropping3D: CroppingLayer {
    override class var spatialRank: Int { 3 }

    /// - Parameters:
    ///   - cropping: one amount, one for each axis, or two for each.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init(
        _ cropping: any SpatialMarginsConvertible = 1, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(cropping.spatialMargins, dataFormat, name: name)
    }

    /// The same with an amount for each axis.
    public convenience init(
        _ cropping: (Int, Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            SpatialMargins([cropping.0.axisMargins, cropping.1.axisMargins, cropping.2.axisMargins]
            ), dataFormat, name: name)
    }

    /// The same with two amounts for each axis, one for each end.
    public convenience init(
        _ cropping: ((Int, Int), (Int, Int), (Int, Int)), dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(
            SpatialMargins([
                AxisMargins(cropping.0), AxisMargins(cropping.1), AxisMargins(cropping.2),
            ]), dataFormat, name: name)
    }
}
