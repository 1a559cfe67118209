internal import StrataGraph

/// The transformations of ``RandAugment`` and ``AugMix``, all of one strength.
struct AugmentationSet {
    let layers: [ImageAugmentation]

    /// - Parameter hasAll: whether to include brightness, colour, contrast and sharpness.
    init(
        _ factor: RandomFactor, valueRange: ClosedRange<Double>, interpolation: Interpolation,
        hasAll: Bool
    ) {
        let range = factor.range(in: 0...1)
        let both = RandomFactor(range.doubles)
        // These inner layers are not visible in the model, so their names need not be unique.
        let moving: [ImageAugmentation] = [
            RandomShear(
                xFactor: both, yFactor: both, interpolation: interpolation, seed: 0,
                name: "shear"),
            RandomTranslation(
                both, both, interpolation: interpolation, seed: 0, name: "translation"),
            RandomRotation(both, interpolation: interpolation, seed: 0, name: "rotation"),
        ]
        let optional: [ImageAugmentation] = [
            RandomBrightness(both, valueRange: valueRange, seed: 0, name: "brightness"),
            RandomColorDegeneration(both, valueRange: valueRange, seed: 0, name: "degeneration"),
            RandomContrast(both, valueRange: valueRange, seed: 0, name: "contrast"),
            RandomSharpness(both, valueRange: valueRange, seed: 0, name: "sharpness"),
        ]
        let bits = max(1, (8 * range.upperBound).rounded(.down))
        let always: [ImageAugmentation] = [
            Solarization(
                additionFactor: both, thresholdFactor: both, valueRange: valueRange, seed: 0,
                name: "solarization"),
            RandomPosterization(
                bits, valueRange: valueRange, seed: 0, name: "posterization"),
            AutoContrast(valueRange: valueRange, name: "contrast"),
            Equalization(valueRange: valueRange, name: "equalization"),
        ]
        layers = moving + (hasAll ? optional : []) + always
    }
}
