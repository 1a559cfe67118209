internal import StrataGraph

/// Mirrors half of the images while training.
///
/// ### Source
/// Keras 3.15.1 `RandomFlip`; with both directions an image is turned by half or left as it is.
public final class RandomFlip: ImageAugmentation, SerializableLayer {
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Left becomes right.
        case horizontal
        /// Above becomes below.
        case vertical
        case horizontalAndVertical = "horizontal_and_vertical"
    }

    public let mode: Mode

    /// - Parameters:
    ///   - mode: what is mirrored.
    ///   - seed: fixes what is drawn; otherwise ``setRandomSeed(_:)`` does.
    ///   - dataFormat: where the channels stand.
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
        // The last place minus the place where an image is mirrored: 1 − 2f is −1 or 1.
        func places(_ count: Int, _ line: SymbolicTensor, _ isFlipped: Bool) -> SymbolicTensor {
            isFlipped ? flips * Float(count - 1) + (1 - flips * 2) * line : line + flips * 0
        }
        let rows = places(height, MovingAugmentation.rows(height), mode != .horizontal)
        let columns = places(width, MovingAugmentation.columns(width), mode != .vertical)
        let all = Shape([draws.batch, height, width, 1])
        return images.resampled(
            at: .concatenated([rows.broadcast(to: all), columns.broadcast(to: all)], axis: -1),
            Resampling(isLinear: false, fill: .nearest))
    }

    override var arguments: [String: JSONValue] { ["mode": .string(mode.rawValue)] }
}
