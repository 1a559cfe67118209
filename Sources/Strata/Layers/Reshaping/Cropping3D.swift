/// Cuts off the ends of volumes along depth, height and width.
///
/// ```swift
/// let y = Cropping3D([1, 0, 2])(Input(shape: [5, 6, 7, 2]))  // [?, 3, 6, 3, 2]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: the same with depth, height and width shorter by what is cut off.
///
/// ### Errors
/// Reported when the model is built: nothing is left of an axis.
///
/// ### Source
/// Keras 3.15.1 `Cropping3D`.
public final class Cropping3D: CroppingLayer {
    override class var spatialRank: Int { 3 }

    /// - Parameters:
    ///   - cropping: one number, one for each axis, or two for each.
    ///   - dataFormat: where the channels stand.
    ///   - name: unique within a model.
    public convenience init(
        _ cropping: any SpatialMarginsConvertible = 1, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        self.init(cropping.spatialMargins, dataFormat, name: name)
    }

    /// The same with a number for each axis.
    public convenience init(
        _ cropping: (Int, Int, Int), dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            SpatialMargins([cropping.0.axisMargins, cropping.1.axisMargins, cropping.2.axisMargins]
            ), dataFormat, name: name)
    }

    /// The same with two numbers for each axis, one for each end.
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
