/// Piecewise constant: one value up to and including each boundary, and the last one after them.
///
/// Keras 3.15.1 `PiecewiseConstantDecay`.
public struct PiecewiseConstantDecay: LearningRateSchedule {
    public static let className = "PiecewiseConstantDecay"
    /// Numbers of steps, in ascending order.
    public var boundaries: [Int]
    /// One more value than ``boundaries``.
    public var values: [Float]
    public var name: String

    /// - Parameters:
    ///   - values: the first value, and those after each boundary; missing ones repeat the last.
    ///   - boundaries: numbers of steps, in ascending order.
    ///   - name: in files.
    public init(_ values: [Double], boundaries: [Int], name: String = "PiecewiseConstant") {
        self.boundaries = boundaries
        self.values = values.map { Float($0) }
        self.name = name
    }

    /// The same in Keras's order.
    public init(boundaries: [Int], values: [Double], name: String = "PiecewiseConstant") {
        self.init(values, boundaries: boundaries, name: name)
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.doubles("values"), boundaries: try configuration.ints("boundaries"),
            name: try configuration.name(default: "PiecewiseConstant"))
        guard values.count == boundaries.count + 1 else {
            throw configuration.failure(
                "values",
                "should have one element more than boundaries (\(boundaries.count)), "
                    + "but has \(values.count)")
        }
    }

    public var config: [String: JSONValue] {
        [
            "boundaries": JSONValue(boundaries), "values": JSONValue(values),
            "name": .string(name),
        ]
    }

    public func learningRate(step: Int) -> Float {
        let index = boundaries.filter { step > $0 }.count
        return index < values.count ? values[index] : values.last ?? 0
    }
}
