internal import StrataGraph

/// Blends images with their grayscale versions while training; a factor of 1 gives gray images.
///
/// ### Source
/// Keras 3.15.1 `RandomColorDegeneration`.
public final class RandomColorDegeneration: ColourAugmentation, SerializableLayer {
    override var channelCount: Int? { 3 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        (images + draws.uniform(range) * (images.grey() - images)).clipped(valueRange)
    }
}
