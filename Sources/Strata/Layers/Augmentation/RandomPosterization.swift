internal import StrataGraph

/// Reduces the number of bits of each value at random while training.
///
/// The factor is a number of bits, 1 … 8; a single number is a range from 1, and the upper bound of
/// a range is exclusive.
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
        // The value of the lowest remaining bit; exact, without logarithms.
        var step = draws.same(0)
        for count in 1...8 { step = step + bits.equal(to: Float(count)) * Float(1 << (8 - count)) }
        let bytes = images.mapped(from: valueRange, to: 0...255).clipped(0...255).floor()
        return ((bytes / step).floor() * step).mapped(from: 0...255, to: valueRange)
    }
}
