internal import StrataGraph

/// Inverts the pixel values of images at random while training.
///
/// The factor, 0 … 1, is the probability; of a range it is drawn itself.
///
/// ### Source
/// Keras 3.15.1 `RandomInvert`.
public final class RandomInvert: ColourAugmentation, SerializableLayer {
    override class var bounds: ClosedRange<Float> { 0...1 }
    override class var usualFactor: RandomFactor? { 1 }

    /// Inverts all images while training.
    public convenience init(
        valueRange: ClosedRange<Double> = 0...255, seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(1, valueRange: valueRange, seed: seed, dataFormat: dataFormat, name: name)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        draws.chance(range).select(valueRange.upperBound - images, images)
    }
}
