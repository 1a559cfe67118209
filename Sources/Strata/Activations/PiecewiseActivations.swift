// Piecewise linear and quadratic approximations of smooth activations.

extension SymbolicTensor {
    /// x / 6 + ½, clipped to 0 … 1.
    ///
    /// Keras 3.15.1 `activations.hard_sigmoid`.
    public func hardSigmoid() -> SymbolicTensor { (self + 3).relu6() / 6 }

    /// x · ``hardSigmoid()``, also called hard swish.
    ///
    /// Howard et al., 2019 (arXiv 1905.02244); Keras 3.15.1 `activations.hard_silu`.
    public func hardSilu() -> SymbolicTensor { self * hardSigmoid() }

    /// x clipped to −1 … 1.
    ///
    /// Keras 3.15.1 `activations.hard_tanh`.
    public func hardTanh() -> SymbolicTensor { clipped(-1, 1) }

    /// x if |x| is above `threshold`, otherwise 0.
    ///
    /// Keras 3.15.1 `activations.hard_shrink`.
    public func hardShrink(threshold: Float = 0.5) -> SymbolicTensor {
        absolute().greater(than: threshold).select(self, .constant(0))
    }

    /// x shrunk towards 0 by `threshold`.
    ///
    /// Keras 3.15.1 `activations.soft_shrink`.
    public func softShrink(threshold: Float = 0.5) -> SymbolicTensor {
        greater(than: threshold).select(
            self - threshold,
            less(than: -threshold).select(self + threshold, .constant(0)))
    }

    /// 0 up to −1, x from 1 on, and the parabola (x + 1)² / 4 between.
    ///
    /// Keras 3.15.1 `activations.sparse_plus`.
    public func sparsePlus() -> SymbolicTensor {
        lessOrEqual(to: -1).select(
            .constant(0),
            greaterOrEqual(to: 1).select(self, (self + 1).square() * 0.25))
    }

    /// 0 up to −1, 1 from 1 on, and (x + 1) / 2 between.
    ///
    /// Keras 3.15.1 `activations.sparse_sigmoid`.
    public func sparseSigmoid() -> SymbolicTensor {
        lessOrEqual(to: -1).select(
            .constant(0),
            greaterOrEqual(to: 1).select(.constant(1), (self + 1) * 0.5))
    }
}
