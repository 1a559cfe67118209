import StrataGraph

extension Reference {
    /// The elements' mean per channel, the channels being the last axis.
    private static func channelMean(_ x: ReferenceTensor) -> ReferenceTensor {
        let channels = x.shape[x.shape.count - 1]
        var sums = ReferenceTensor(repeating: 0, shape: [channels])
        for (place, value) in x.values.enumerated() { sums.values[place % channels] += value }
        return sums.map { $0 / Double(x.count / channels) }
    }

    /// (x − mean) / √(variance + ε).
    private static func standardized(
        _ x: ReferenceTensor, _ mean: ReferenceTensor, _ variance: ReferenceTensor, _ epsilon: Float
    ) -> ReferenceTensor {
        combine(combine(x, mean, -), variance) { $0 / ($1 + Double(epsilon)).squareRoot() }
    }

    static func batchNormalization(_ normalization: BatchNormalization, _ x: [ReferenceTensor])
        -> [ReferenceTensor]
    {
        let mean = normalization.usesGivenStatistics ? x[3] : channelMean(x[0])
        let variance =
            normalization.usesGivenStatistics
            ? x[4] : channelMean(combine(x[0], mean, -).map { $0 * $0 })
        let standardized = standardized(x[0], mean, variance, normalization.epsilon)
        let normalized = combine(combine(standardized, x[1], *), x[2], +)
        let y = normalization.fusesReLU ? normalized.map { max($0, 0) } : normalized
        return normalization.usesGivenStatistics ? [y] : [y, mean, variance]
    }

    /// Ioffe and Szegedy, 2015, arXiv:1502.03167, section 3, the chain rule worked out:
    /// dx = γ / σ · (dy − mean(dy) − x̂ · mean(dy · x̂)).
    static func batchNormalizationBackward(
        _ backward: BatchNormalizationBackward, _ inputs: [ReferenceTensor]
    ) -> [ReferenceTensor] {
        let (x, gamma) = (inputs[0], inputs[2])
        let standardized = standardized(x, inputs[3], inputs[4], backward.epsilon)
        var g = inputs[1]
        if backward.fusesReLU {
            let y = combine(combine(standardized, gamma, *), inputs[5], +)
            g = combine(g, y) { $1 > 0 ? $0 : 0 }
        }
        let channels = gamma.count
        let count = Double(x.count / channels)
        let meanG = channelMean(g)
        let meanProduct = channelMean(combine(g, standardized, *))
        let centred = combine(combine(g, meanG, -), combine(standardized, meanProduct, *), -)
        let scale = combine(gamma, inputs[4]) { $0 / ($1 + Double(backward.epsilon)).squareRoot() }
        let gradient = combine(centred, scale, *)
        let masked = backward.masksBySource ? combine(gradient, x) { $1 > 0 ? $0 : 0 } : gradient
        return [
            masked, meanProduct.map { $0 * count }, meanG.map { $0 * count },
        ]
    }
}
