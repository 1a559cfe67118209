internal import StrataGraph

/// Flips images at random while training.
///
/// ### Source
/// Keras 3.15.1 `RandomFlip`; with both directions an image is rotated by 180° or unchanged.
public final class RandomFlip: ImageAugmentation, SerializableLayer {
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Left to right.
        case horizontal
        /// Top to bottom.
        case vertical
        case horizontalAndVertical = "horizontal_and_vertical"
    }

    public let mode: Mode

    /// - Parameters:
    ///   - mode: the direction of the flip.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init(
        _ mode: Mode = .horizontalAndVertical, seed: Int? = nil,
        dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.mode = mode
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.choice("mode", default: .horizontalAndVertical),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        // A probability of exactly one half, as Keras has it with ≤ 0.5 and numbers below 1.
        let flips = draws.chance(0.5...0.5)
        // The last index minus the index for a flipped image: 1 − 2f is −1 or 1.
        func positions(_ count: Int, _ line: SymbolicTensor, _ isFlipped: Bool) -> SymbolicTensor {
            isFlipped ? flips * Float(count - 1) + (1 - flips * 2) * line : line + flips * 0
        }
        let rows = positions(height, MovingAugmentation.rows(height), mode != .horizontal)
        let columns = positions(width, MovingAugmentation.columns(width), mode != .vertical)
        let all = Shape([draws.batch, height, width, 1])
        return images.gridSampled(
            at: .concatenated([rows.broadcast(to: all), columns.broadcast(to: all)], axis: -1),
            GridSample(isBilinear: false, fill: .nearest))
    }

    override var arguments: [String: JSONValue] { ["mode": .string(mode.rawValue)] }
}
