internal import StrataGraph

/// Shifts the hue of images at random while training.
///
/// A factor of 1 is half of the colour circle.
///
/// ### Source
/// Keras 3.15.1 `RandomHue`.
public final class RandomHue: ColourAugmentation, SerializableLayer {
    override class var bounds: ClosedRange<Float> { 0...1 }
    override var channelCount: Int? { 3 }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let turn = draws.sign() * draws.uniform(range) * 0.5
        let (hue, saturation, value) =
            images.mapped(from: valueRange, to: 0...1).hueSaturationValue()
        // Only the fractional part matters for the conversion to RGB.
        return SymbolicTensor.rgb(hue: hue + turn, saturation: saturation, value: value)
            .clipped(0...1).mapped(from: 0...1, to: valueRange)
    }
}
