internal import StrataGraph

/// Moves pixels away from or towards the mean of their image and channel while training.
///
/// Distances are multiplied by a number of 1 − a … 1 + b, where the factor is [a, b] and both are 0 … 1;
/// a factor of one number is [0, b], so that contrast only grows.
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
