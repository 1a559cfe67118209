// ReLU and its variants.

extension SymbolicTensor {
    /// ReLU: max(x, 0), with an optional slope below, maximum, and threshold.
    ///
    /// Values above `threshold` pass, up to `maxValue`; values below become
    /// `negativeSlope` · (x − `threshold`). Keras 3.15.1 `activations.relu`.
    public func relu(negativeSlope: Float = 0, maxValue: Float? = nil, threshold: Float = 0)
        -> SymbolicTensor
    {
        if maxValue == nil, threshold == 0, negativeSlope != 0 {
            return leakyRelu(negativeSlope: negativeSlope)
        }
        var result = threshold == 0 ? relu() : self.threshold(threshold, defaultValue: 0)
        if let maxValue { result = result.clipped(0, maxValue) }
        if negativeSlope == 0 { return result }
        return result - (threshold - self).relu() * negativeSlope
    }

    /// min(max(x, 0), 6).
    public func relu6() -> SymbolicTensor { relu().minimum(6) }

    /// x above 0, and `negativeSlope` · x below.
    ///
    /// Maas et al., 2013; Keras 3.15.1 `activations.leaky_relu`.
    public func leakyRelu(negativeSlope: Float = 0.2) -> SymbolicTensor {
        greaterOrEqual(to: 0).select(self, self * negativeSlope)
    }

    /// x above 0, and `alpha` · (eˣ − 1) below.
    ///
    /// Clevert et al., 2015 (arXiv 1511.07289); Keras 3.15.1 `activations.elu`.
    public func elu(alpha: Float = 1) -> SymbolicTensor {
        greater(than: 0).select(self, minimum(0).expm1() * alpha)
    }

    /// An ``elu(alpha:)`` that keeps mean 0 and variance 1 from layer to layer.
    ///
    /// Klambauer et al., 2017 (arXiv 1706.02515), with its constants; Keras 3.15.1
    /// `activations.selu`.
    public func selu() -> SymbolicTensor {
        elu(alpha: 1.673_263_242_354_377_2) * 1.050_700_987_355_480_5
    }

    /// x above 0, and `alpha` · (exp(x / `alpha`) − 1) below, whose slope has no step.
    ///
    /// Barron, 2017 (arXiv 1704.07483); Keras 3.15.1 `activations.celu`.
    public func celu(alpha: Float = 1) -> SymbolicTensor {
        maximum(0) + (minimum(0) / alpha).expm1() * alpha
    }

    /// x above `threshold`, and `defaultValue` elsewhere.
    ///
    /// Keras 3.15.1 `activations.threshold`.
    public func threshold(_ threshold: Float, defaultValue: Float) -> SymbolicTensor {
        greater(than: threshold).select(self, .constant(defaultValue))
    }
}
