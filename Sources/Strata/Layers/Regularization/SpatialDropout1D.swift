/// Sets whole channels to 0 at random while training, and scales the others to keep the sum.
///
/// ### Shapes
/// - Input: `[batch, length, channels]`; output: the same.
///
/// ### Errors
/// Reported when the model is built: a rate that is no fraction, an input of other axes.
///
/// ### Source
/// Keras 3.15.1 `SpatialDropout1D`; Tompson et al., 2014, arXiv:1411.4280.
public final class SpatialDropout1D: SpatialDropoutLayer {
    /// - Parameters:
    ///   - rate: the fraction of the channels that is dropped, 0 ..< 1.
    ///   - seed: fixes which ones are dropped; otherwise ``setRandomSeed(_:)`` does.
    ///   - name: unique within a model.
    public convenience init(_ rate: any RealNumber, seed: Int? = nil, name: String? = nil) {
        self.init(rate: rate, dataFormat: .channelsLast, seed: seed, layerName: name)
    }
}
