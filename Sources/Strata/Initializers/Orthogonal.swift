/// A random matrix with orthonormal rows or columns, whichever are fewer, times `gain`.
///
/// A kernel counts as the matrix of its last axis by all others. Saxe et al., 2014 (arXiv
/// 1312.6120); Keras 3.15.1 `Orthogonal`.
public struct Orthogonal: Initializer {
    public static let className = "Orthogonal"
    public var gain: Float
    /// The random seed; `nil` draws from the program's stream.
    public var seed: Int?

    public init(gain: Double = 1, seed: Int? = nil) {
        self.gain = Float(gain)
        self.seed = seed
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        gain = try configuration.float("gain", default: gain)
        seed = try configuration.seed()
    }

    public var config: [String: JSONValue] { ["gain": JSONValue(gain), "seed": JSONValue(seed)] }

    public func problem(shape: [Int]) -> GraphError.Problem? {
        shape.count >= 2
            ? nil
            : .invalidArgument(
                "the orthogonal initializer needs two axes, but the weight has shape \(shape)",
                fix: "choose another initializer")
    }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        guard problem(shape: shape) == nil else { return .zeros(shape) }
        let columns = shape[shape.count - 1]
        let rows = shape.dropLast().reduce(1, *)
        let (length, count) = (max(rows, columns), min(rows, columns))
        let vectors = generator.drawing(seed: seed) { generator in
            orthonormalVectors(count, length: length, &generator)
        }
        var values = [Float](repeating: 0, count: rows * columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let number = rows >= columns ? vectors[column][row] : vectors[row][column]
                values[row * columns + column] = gain * Float(number)
            }
        }
        return Tensor(values, shape: shape)
    }

    /// Gram–Schmidt on normal vectors: a QR decomposition whose R has a positive diagonal, as in
    /// Keras.
    private func orthonormalVectors(
        _ count: Int, length: Int, _ generator: inout RandomGenerator
    ) -> [[Double]] {
        var vectors: [[Double]] = []
        while vectors.count < count {
            var vector = (0..<length).map { _ in Double(generator.normal()) }
            // Once more than the textbook: the second pass takes away what rounding left.
            for _ in 0..<2 {
                for other in vectors {
                    let share = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
                    for index in vector.indices { vector[index] -= share * other[index] }
                }
            }
            let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // A vector within the span of the others is drawn again.
            if norm > 1e-6 { vectors.append(vector.map { $0 / norm }) }
        }
        return vectors
    }
}

extension Initializer where Self == Orthogonal {
    /// A random matrix with orthonormal rows or columns, whichever are fewer.
    public static var orthogonal: Orthogonal { Orthogonal() }
}
