/// Crops sequences along length.
///
/// ```swift
/// let y = Cropping1D([1, 2])(Input(shape: [9, 3]))  // [?, 6, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`.
/// - Output: the same with length shorter by the cropped elements.
///
/// ### Errors
/// Reported when the model is built: nothing is left of an axis.
///
/// ### Source
/// Keras 3.15.1 `Cropping1D`.
public final class Cropping1D: CroppingLayer {
    override class var spatialRank: Int { 1 }
    override class var hasDataFormat: Bool { false }

    /// - Parameters:
    ///   - cropping: one amount for both ends, or one for each.
    ///   - name: unique within a model.
    public convenience init(
        _ cropping: any AxisMarginsConvertible = 1, name: String? = nil
    ) {
        self.init(SpatialMargins([cropping.axisMargins]), .channelsLast, name: name)
    }

    /// The same with an amount for each end.
    public convenience init(
        _ cropping: (Int, Int), name: String? = nil
    ) {
        self.init(SpatialMargins([AxisMargins(cropping)]), .channelsLast, name: name)
    }
}
