// Smooth activations.

extension SymbolicTensor {
    /// log(1 + eˣ), at any x.
    ///
    /// Keras 3.15.1 `activations.softplus`.
    public func softplus() -> SymbolicTensor {
        // max(x, 0) from both sides: the slopes at 0 are 1 and 0, and that of the whole function is ½.
        let zero = SymbolicTensor.constant(0)
        return (maximum(zero) + zero.maximum(self)) * 0.5 + (-absolute()).exp().log1p()
    }

    /// log(1 / (1 + e⁻ˣ)), at any x.
    ///
    /// Keras 3.15.1 `activations.log_sigmoid`.
    public func logSigmoid() -> SymbolicTensor { -(-self).softplus() }

    /// x / (1 + |x|).
    ///
    /// Keras 3.15.1 `activations.softsign`.
    public func softsign() -> SymbolicTensor { self / (absolute() + 1) }

    /// x · sigmoid(x), also called swish.
    ///
    /// Ramachandran et al., 2017 (arXiv 1710.05941); Keras 3.15.1 `activations.silu`.
    public func silu() -> SymbolicTensor { self * sigmoid() }

    /// x · Φ(x), where Φ is the standard normal cumulative distribution function.
    ///
    /// Hendrycks and Gimpel, 2016 (arXiv 1606.08415); Keras 3.15.1 `activations.gelu`.
    ///
    /// - Parameter approximate: whether Φ comes from the paper's formula with tanh.
    public func gelu(approximate: Bool = false) -> SymbolicTensor {
        if approximate {
            // √(2/π)
            let inner = (self + self * square() * 0.044_715) * 0.797_884_56
            return self * 0.5 * (inner.tanh() + 1)
        }
        // 1/√2
        return self * 0.5 * ((self * 0.707_106_78).erf() + 1)
    }

    /// x · tanh(softplus(x)).
    ///
    /// Misra, 2019 (arXiv 1908.08681); Keras 3.15.1 `activations.mish`.
    public func mish() -> SymbolicTensor { self * softplus().tanh() }

    /// (x + √(x² + b)) / 2.
    ///
    /// Barron, 2021 (arXiv 2112.11687); Keras 3.15.1 `activations.squareplus`.
    public func squareplus(b: Float = 4) -> SymbolicTensor {
        (self + (square() + b).sqrt()) * 0.5
    }

    /// x − tanh(x).
    ///
    /// Keras 3.15.1 `activations.tanh_shrink`.
    public func tanhShrink() -> SymbolicTensor { self - tanh() }

    /// The first half of an axis times the sigmoid of the second.
    ///
    /// Dauphin et al., 2016 (arXiv 1612.08083); Keras 3.15.1 `activations.glu`.
    public func glu(axis: Int = -1) -> SymbolicTensor {
        guard error == nil else { return self }
        guard let axis = shape.normalized(axis: axis), let length = shape[axis] else {
            return SymbolicTensor(
                failure: GraphError(.unknownDimension(shape, needed: "axis \(axis)")))
        }
        guard length % 2 == 0 else {
            return SymbolicTensor(
                failure: GraphError(
                    .notDivisible(
                        what: "the length of axis \(axis)", count: length, by: "the gate's halves",
                        divisor: 2)))
        }
        let half = length / 2
        return sliced(axis, from: 0, count: half) * sliced(axis, from: half, count: half).sigmoid()
    }
}
