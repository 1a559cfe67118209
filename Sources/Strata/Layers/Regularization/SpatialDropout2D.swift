/// Spatial dropout: sets whole channels to 0 at random while training, and scales the others up.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`; output: the same.
///
/// ### Errors
/// Reported when the model is built: a rate that is not a fraction, an input of other axes.
///
/// ### Source
/// Keras 3.15.1 `SpatialDropout2D`; Tompson et al., 2014, arXiv:1411.4280.
public final class SpatialDropout2D: SpatialDropoutLayer {
    override class var spatialRank: Int { 2 }

    /// - Parameters:
    ///   - rate: the fraction of dropped channels, 0 ..< 1.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public convenience init(
        _ rate: any RealNumber, dataFormat: DataFormat = .channelsLast, seed: Int? = nil,
        name: String? = nil
    ) {
        self.init(rate: rate, dataFormat: dataFormat, seed: seed, layerName: name)
    }
}
