/// Circle loss: pulls embeddings of one class together, pushes others apart, and weighs each pair.
///
/// ### Shapes
/// - Targets: class indices `[batch]` or `[batch, 1]`
/// - Predictions: embeddings `[batch, width]` of length 1
/// - Values: `[batch]`; samples of value 0 are left out of the mean
///
/// ### Source
/// Sun et al., 2020 (arXiv 2002.10857); Keras 3.15.1 `Circle`.
public struct Circle: Loss {
    public static let className = "Circle"
    /// The scale of the distances.
    public var gamma: Float
    /// The relaxation margin of the decision boundary.
    public var margin: Float
    /// Whether pairs of a sample with itself are excluded.
    public var removeDiagonal: Bool
    public var reduction: LossReduction
    public var name: String

    public init(
        gamma: Double = 80, margin: Double = 0.4, removeDiagonal: Bool = true,
        reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName
    ) {
        self.gamma = Float(gamma)
        self.margin = Float(margin)
        self.removeDiagonal = removeDiagonal
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        gamma = try configuration.float("gamma", default: gamma)
        margin = try configuration.float("margin", default: margin)
        removeDiagonal = try configuration.bool("remove_diagonal", default: removeDiagonal)
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] {
        baseConfig.merging([
            "gamma": JSONValue(gamma), "margin": JSONValue(margin),
            "remove_diagonal": .bool(removeDiagonal),
        ]) { $1 }
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        guard predictions.error == nil else { return predictions }
        guard predictions.rank == 2, let count = predictions.shape[0] else {
            return SymbolicTensor(
                failure: GraphError(
                    .wrongRank(got: predictions.shape, expected: "[batch, width]")))
        }
        let cosines = predictions.multiplied(by: predictions.transposed([1, 0]))
        let distances = (1 - cosines).relu()
        let labels = targets.reshaped([count, 1])
        let isSame = labels.equal(to: labels.transposed([1, 0]))
        let isSelf = (0..<count * count).map { Float($0 / count == $0 % count ? 1 : 0) }
        let isPair = .constant(1) - .constant(Tensor(isSelf, shape: [count, count]))
        let isPositive = removeDiagonal ? isSame * isPair : isSame
        let isNegative = .constant(1) - isSame

        let pull = (distances + margin) * isPositive
        let push = ((1 + margin) - distances).relu() * isNegative
        let positive = pull * (distances - margin) * gamma
        let negative = push * (margin.complement - distances) * gamma
        let sum =
            positive.logSumExp(where: isPositive) + negative.logSumExp(where: isNegative)
        return sum.softplus()
    }

    public func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor? {
        values.greater(than: 0)
    }
}

extension SymbolicTensor {
    /// log Σ eˣ over the last axis, of those elements for which `condition` is not 0.
    ///
    /// Without such elements it is close to −∞, but finite, so that sums with it are not NaN.
    fileprivate func logSumExp(where condition: SymbolicTensor) -> SymbolicTensor {
        let terms = condition.select(self, .constant(-1e30))
        let largest = terms.max(axes: [-1], keepDimensions: true)
        return (terms - largest).exp().sum(axes: [-1]).log() + largest.withoutLastAxis()
    }
}

extension Loss where Self == Circle {
    /// Circle loss: pulls embeddings of one class together and pushes others apart.
    public static func circle(gamma: Double = 80, margin: Double = 0.4) -> Circle {
        Circle(gamma: gamma, margin: margin)
    }
}
