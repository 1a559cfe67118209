internal import StrataGraph

/// Changes the brightness of images at random while training.
///
/// The factor, −1 … 1, is the fraction of the value range that is added.
///
/// ### Source
/// Keras 3.15.1 `RandomBrightness`.
public final class RandomBrightness: ColourAugmentation, SerializableLayer {
    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let delta = draws.uniform(range) * (valueRange.upperBound - valueRange.lowerBound)
        return (images + delta).clipped(valueRange)
    }
}
