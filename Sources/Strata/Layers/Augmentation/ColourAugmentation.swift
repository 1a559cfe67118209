internal import StrataGraph

/// What layers have in common that change colours by a factor, within a range of values.
public class ColourAugmentation: ImageAugmentation {
    /// What the factor may be.
    class var bounds: ClosedRange<Float> { -1...1 }
    /// What the factor is where a file does not say it; `nil` where it must.
    class var usualFactor: RandomFactor? { nil }
    let factor: RandomFactor
    /// Of the images; what leaves it is clipped.
    public let valueRange: ClosedRange<Float>

    /// - Parameters:
    ///   - factor: how strong the change is.
    ///   - valueRange: of the images; what leaves it is clipped.
    ///   - seed: fixes what is drawn; otherwise ``setRandomSeed(_:)`` does.
    ///   - dataFormat: where the channels stand.
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

    /// What the factor stands for.
    var range: ClosedRange<Float> { factor.range(in: Self.bounds) }

    override var arguments: [String: JSONValue] {
        ["factor": range.json, "value_range": valueRange.json]
    }
}
