internal import StrataGraph

/// Leaves fewer bits of each value while training.
///
/// The factor is a number of bits, 1 … 8; one number stands for 1 up to it, and of a range the upper
/// end is not drawn.
///
/// ### Source
/// Keras 3.15.1 `RandomPosterization`.
public final class RandomPosterization: ColourAugmentation, SerializableLayer {
    override class var bounds: ClosedRange<Float> { 1...8 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (low, high) = (range.lowerBound.rounded(.down), range.upperBound.rounded(.down))
        let bits =
            low == high
            ? draws.same(low) : draws.uniform(low...high).floor().minimum(high - 1)
        // The value of the lowest bit that is left; exact, since logarithms of 2 are not asked for.
        var step = draws.same(0)
        for count in 1...8 { step = step + bits.equal(to: Float(count)) * Float(1 << (8 - count)) }
        let bytes = images.mapped(from: valueRange, to: 0...255).clipped(0...255).floor()
        return ((bytes / step).floor() * step).mapped(from: 0...255, to: valueRange)
    }
}
