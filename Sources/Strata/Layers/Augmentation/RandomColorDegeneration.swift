internal import StrataGraph

/// Mixes images with their grey forms while training: a factor of 0 changes nothing, 1 gives grey.
///
/// ### Source
/// Keras 3.15.1 `RandomColorDegeneration`.
public final class RandomColorDegeneration: ColourAugmentation, SerializableLayer {
    override var channelCount: Int? { 3 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        (images + draws.uniform(range) * (images.grey() - images)).clipped(valueRange)
    }
}
