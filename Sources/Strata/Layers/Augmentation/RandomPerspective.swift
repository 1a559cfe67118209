internal import StrataGraph

/// Applies random perspective transformations to images while training.
///
/// ### Source
/// Keras 3.15.1 `RandomPerspective`: a corner at (x, y) moves by a random fraction of x and y, so
/// the first stays; Heckbert, "Fundamentals of Texture Mapping and Image Warping", 1989, for the
/// map.
public final class RandomPerspective: MovingAugmentation, SerializableLayer {
    private static let bounds: ClosedRange<Float> = 0...1
    private let factor: RandomFactor
    private let scale: Float

    /// - Parameters:
    ///   - factor: the probability that an image is changed, 0 … 1; drawn from a range if one is
    ///     given.
    ///   - scale: the displacement of the corners, 0 … 1: up to half of it in each direction.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - fillValue: the value of pixels beyond the edges.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public init<each Factor: NumberList>(
        _ factor: (repeat each Factor) = (), scale: Double = 1,
        interpolation: Interpolation = .bilinear,
        fillValue: Double = 0, seed: Int? = nil, dataFormat: DataFormat = .channelsLast,
        name: String? = nil
    ) {
        let factor = RandomFactor(joining: repeat each factor, or: 1)
        self.factor = factor
        self.scale = Float(scale)
        super.init(
            fillMode: .constant, interpolation: interpolation, fillValue: fillValue, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.factor("factor", default: 1),
            scale: try configuration.double("scale", default: 1),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            fillValue: try configuration.double("fill_value", default: 0),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try super.check()
        try factor.check("factor", Self.bounds)
        try RandomFactor(Double(scale)).check("scale", Self.bounds)
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let applies = draws.chance(factor.range(in: Self.bounds))
        let range = -0.5 * scale...0.5 * scale
        let zero = draws.same(0)
        let (right, bottom) = (Float(width - 1), Float(height - 1))
        // The corners after (0, 0): top right, bottom right, bottom left.
        let moved = { (size: Float) in (draws.uniform(range) + 1) * size }
        let corners = [
            (moved(right), zero), (moved(right), moved(bottom)), (zero, moved(bottom)),
        ]
        let result = seen(images, corners)
        return applies.select(result, images)
    }

    /// Images whose corners are moved; the first stays at (0, 0).
    private func seen(
        _ images: SymbolicTensor, _ corners: [(x: SymbolicTensor, y: SymbolicTensor)]
    ) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let (p1, p2, p3) = (corners[0], corners[1], corners[2])
        // The unit square's map onto the corners is [[a, b, 0], [d, e, 0], [g, h, 1]].
        let (dx1, dx2, sx) = (p1.x - p2.x, p3.x - p2.x, p2.x - p1.x - p3.x)
        let (dy1, dy2, sy) = (p1.y - p2.y, p3.y - p2.y, p2.y - p1.y - p3.y)
        let determinant = dx1 * dy2 - dx2 * dy1
        let g = (sx * dy2 - dx2 * sy) / determinant
        let h = (dx1 * sy - sx * dy1) / determinant
        let (a, b) = (p1.x + g * p1.x, p3.x + h * p3.x)
        let (d, e) = (p1.y + g * p1.y, p3.y + h * p3.y)
        // Its adjugate maps back, up to a factor that the division takes away.
        let (x, y) = (Self.columns(width), Self.rows(height))
        let below = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d)
        return moved(
            images, rows: (a * y - d * x) / below * Float(height - 1),
            columns: (e * x - b * y) / below * Float(width - 1))
    }

    override var arguments: [String: JSONValue] {
        [
            "factor": factor.range(in: Self.bounds).json, "scale": .float(scale),
            "interpolation": .string(interpolation.rawValue), "fill_value": .float(fillValue),
        ]
    }
}
