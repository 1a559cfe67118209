internal import StrataGraph

/// Shears images at random while training.
///
/// ### Source
/// Keras 3.15.1 `RandomShear`.
public final class RandomShear: MovingAugmentation, SerializableLayer {
    private let xRange: ClosedRange<Float>
    private let yRange: ClosedRange<Float>
    private let factors: [(name: String, factor: RandomFactor)]

    /// - Parameters:
    ///   - xFactor: the shift in columns from each row to the next, 0 … 1.
    ///   - yFactor: the shift in rows from each column to the next, 0 … 1.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - fillMode: how pixels beyond the edges are filled.
    ///   - fillValue: the value for `.constant`.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - name: unique within a model.
    public init<each XFactor: NumberList, each YFactor: NumberList>(
        xFactor: (repeat each XFactor) = (), yFactor: (repeat each YFactor) = (),
        interpolation: Interpolation = .bilinear, fillMode: FillMode = .reflect,
        fillValue: Double = 0, dataFormat: DataFormat = .channelsLast, seed: Int? = nil,
        name: String? = nil
    ) {
        let xFactor = RandomFactor(joining: repeat each xFactor, or: 0)
        let yFactor = RandomFactor(joining: repeat each yFactor, or: 0)
        factors = [("xFactor", xFactor), ("yFactor", yFactor)]
        xRange = xFactor.range(in: -1...1)
        yRange = yFactor.range(in: -1...1)
        super.init(
            fillMode: fillMode, interpolation: interpolation, fillValue: fillValue, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            xFactor: try configuration.factor("x_factor", default: 0),
            yFactor: try configuration.factor("y_factor", default: 0),
            interpolation: try configuration.choice("interpolation", default: .bilinear),
            fillMode: try configuration.choice("fill_mode", default: .reflect),
            fillValue: try configuration.double("fill_value", default: 0),
            dataFormat: try configuration.dataFormat(),
            seed: try configuration.optionalInt("seed"), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try super.check()
        for (name, factor) in factors {
            // In files, a number is the symmetric range.
            let isBothSided = factor.numbers.count == 2 && factor.numbers[0] == -factor.numbers[1]
            try factor.check(name, isBothSided ? -1...1 : 0...1)
        }
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        let side = draws.sign()
        let (x, y) = (draws.uniform(xRange) * side, draws.uniform(yRange) * side)
        let (zero, one) = (draws.same(0), draws.same(1))
        return moved(images, Affine(a: (one, x, zero), b: (y, one, zero)))
    }

    override var arguments: [String: JSONValue] {
        movement.merging(["x_factor": xRange.json, "y_factor": yRange.json]) { $1 }
    }
}
