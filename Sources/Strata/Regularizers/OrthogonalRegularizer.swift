/// A penalty on rows or columns of a matrix that are not orthogonal.
///
/// `factor` times the mean of |cos| over all pairs of them.
///
/// Keras 3.15.1 `OrthogonalRegularizer`.
public struct OrthogonalRegularizer: Regularizer {
    /// Whether rows or columns should be orthogonal.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        case rows
        case columns
    }

    public static let className = "OrthogonalRegularizer"
    /// 0 or more.
    public var factor: Float
    public var mode: Mode

    public init(factor: Double = 0.01, mode: Mode = .rows) {
        self.factor = Float(factor)
        self.mode = mode
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        factor = try configuration.strength("factor", default: factor)
        mode = try configuration.choice("mode", default: mode)
    }

    /// Keras keeps the factor as a tensor and writes the stored value.
    public var config: [String: JSONValue] {
        ["factor": .number(Double(factor)), "mode": .string(mode.rawValue)]
    }

    public func penalty(_ weight: SymbolicTensor) -> SymbolicTensor {
        guard weight.error == nil else { return weight }
        guard weight.rank == 2, let sizes = weight.shape.known else {
            return SymbolicTensor(
                failure: GraphError(.wrongRank(got: weight.shape, expected: "[rows, columns]")))
        }
        let vectors = mode == .rows ? weight : weight.transposed([1, 0])
        let count = mode == .rows ? sizes[0] : sizes[1]
        let unit = vectors.unitVectors(axes: [1])
        let products = unit.multiplied(by: unit.transposed([1, 0]))
        let isPair = (0..<count * count).map { Float($0 / count == $0 % count ? 0 : 1) }
        let pairs = products * .constant(Tensor(isPair, shape: [count, count]))
        // As in Keras, a single vector has no pairs: 0 over 0.
        let pairCount = Float(count * (count - 1)) / 2
        return pairs.absolute().sum() * (factor * 0.5) / pairCount
    }
}

extension SymbolicTensor {
    /// Each vector along `axes` divided by its length.
    ///
    /// Keras 3.15.1 `ops.normalize`.
    func unitVectors(axes: [Int]) -> SymbolicTensor {
        let squares = square().sum(axes: axes, keepDimensions: true)
        // Keras divides by 1e-7 or more, so that a vector of zeros stays one.
        return self / squares.maximum(1e-14).sqrt()
    }
}

extension Regularizer where Self == OrthogonalRegularizer {
    /// A penalty on rows or columns of a matrix that are not orthogonal.
    public static func orthogonal(
        factor: Double = 0.01, mode: OrthogonalRegularizer.Mode = .rows
    ) -> OrthogonalRegularizer {
        OrthogonalRegularizer(factor: factor, mode: mode)
    }
}
