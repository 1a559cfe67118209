internal import StrataGraph

/// Base class of layers that change colours by a factor.
public class ColourAugmentation: ImageAugmentation {
    /// The range of the factor.
    class var bounds: ClosedRange<Float> { -1...1 }
    /// The factor's default in files; `nil` if it is required.
    class var usualFactor: RandomFactor? { nil }
    let factor: RandomFactor
    /// The range of pixel values; results are clipped to it.
    public let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - factor: the strength of the change.
    ///   - valueRange: the range of pixel values; results are clipped to it.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
    ///   - name: unique within a model.
    public convenience init<each Factor: NumberList>(
        _ factor: (repeat each Factor), valueRange: ClosedRange<Double> = 0...255,
        seed: Int? = nil, dataFormat: DataFormat = .channelsLast, name: String? = nil
    ) {
        self.init(
            factor: RandomFactor(joining: repeat each factor), valueRange: valueRange, seed: seed,
            dataFormat: dataFormat, name: name)
    }

    required init(
        factor: RandomFactor, valueRange: ClosedRange<Double>, seed: Int?,
        dataFormat: DataFormat, name: String?
    ) {
        self.factor = factor
        self.valueRange = valueRange.inFloat32
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        let factor: RandomFactor
        if let usual = Self.usualFactor, configuration.value("factor") == nil {
            factor = usual
        } else {
            factor = try configuration.factor("factor")
        }
        self.init(
            factor: factor,
            valueRange: try configuration.range("value_range", default: 0...255),
            seed: try configuration.optionalInt("seed"),
            dataFormat: try configuration.dataFormat(), name: try configuration.layerName())
    }

    override func check() throws(GraphError.Problem) {
        try factor.check("factor", Self.bounds)
    }

    /// The meaning of the factor.
    var range: ClosedRange<Float> { factor.range(in: Self.bounds) }

    override var arguments: [String: JSONValue] {
        ["factor": range.json, "value_range": valueRange.json]
    }
}
