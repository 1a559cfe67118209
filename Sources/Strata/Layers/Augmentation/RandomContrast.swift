internal import StrataGraph

/// Changes the contrast of images at random while training, about the mean of each channel.
///
/// Differences from the mean are multiplied by a value in 1 − a … 1 + b, where the factor is [a, b]
/// with both in 0 … 1; a single number b is [0, b], so that contrast only increases.
///
/// ### Source
/// Keras 3.15.1 `RandomContrast`.
public final class RandomContrast: ColourAugmentation, SerializableLayer {
    override class var bounds: ClosedRange<Float> { 0...1 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let factor = draws.uniform((1 - range.lowerBound)...(1 + range.upperBound))
        let mean = images.mean(axes: [1, 2], keepDimensions: true)
        return ((images - mean) * factor + mean).clipped(valueRange)
    }
}
