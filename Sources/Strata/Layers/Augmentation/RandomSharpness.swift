internal import StrataGraph

/// Sharpens or blurs images at random while training.
///
/// A factor of 0.5 changes nothing; 0 blurs, and 1 sharpens as much.
///
/// ### Source
/// Keras 3.15.1 `RandomSharpness`.
public final class RandomSharpness: ColourAugmentation, SerializableLayer {
    override class var bounds: ClosedRange<Float> { 0...1 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let channels = images.shape[3] ?? 1
        let weights = (0..<9).map { Float($0 == 4 ? 5.0 / 13 : 1.0 / 13) }
        let kernel = SymbolicTensor.constant(
            Tensor(
                weights.flatMap { Array(repeating: $0, count: channels) },
                shape: [3, 3, 1, channels]))
        let smooth = images.smoothed(kernel)
        return (images + (1 - draws.uniform(range) * 2) * (smooth - images)).clipped(valueRange)
    }
}
