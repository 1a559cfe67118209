/// Numbers drawn evenly from ±√(6 / (fan in + fan out)).
///
/// Glorot and Bengio, 2010; Keras 3.15.1 `GlorotUniform`.
public struct GlorotUniform: Initializer {
    public static let className = "GlorotUniform"
    /// Fixes the numbers; `nil` draws from the program's own stream.
    public var seed: Int?

    public init(seed: Int? = nil) {
        self.seed = seed
    }

    public init(_ configuration: Configuration) throws(ConfigurationError) {
        seed = try configuration.optionalInt("seed")
    }

    public var config: [String: JSONValue] { ["seed": seed.map(JSONValue.integer) ?? .null] }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        let receptive = shape.dropLast(2).reduce(1, *)
        let (fanIn, fanOut) = (
            (shape.count > 1 ? shape[shape.count - 2] : shape.first ?? 1) * receptive,
            (shape.last ?? 1) * receptive
        )
        let limit = (6 / Float(max(fanIn + fanOut, 1))).squareRoot()
        return Tensor(
            (0..<shape.reduce(1, *)).map { _ in (2 * generator.uniform() - 1) * limit },
            shape: shape)
    }
}

extension Initializer where Self == GlorotUniform {
    /// Numbers drawn evenly from ±√(6 / (fan in + fan out)).
    public static var glorotUniform: GlorotUniform { GlorotUniform() }
}
