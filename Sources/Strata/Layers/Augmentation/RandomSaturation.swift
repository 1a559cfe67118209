internal import StrataGraph

/// Changes the saturation of images at random while training.
///
/// Saturation is multiplied by u / (1 − u) for u drawn from the factor's range: 0.5 changes
/// nothing, 0 gives gray images. Use a range about 0.5, such as `[0.4, 0.6]`.
///
/// ### Source
/// Keras 3.15.1 `RandomSaturation`.
public final class RandomSaturation: ColourAugmentation, SerializableLayer {
    override var channelCount: Int? { 3 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let drawn = draws.uniform(range)
        let (hue, saturation, value) = images.hueSaturationValue()
        return .rgb(
            hue: hue,
            // Keras's epsilon, so that u = 1 does not divide by 0.
            saturation: (saturation * (drawn / (1 - drawn + 1e-7))).clipped(valueRange),
            value: value)
    }
}
