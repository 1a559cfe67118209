extension Ops {
    // MARK: Activations

    /// max(x, 0).
    public static func relu(_ x: SymbolicTensor) -> SymbolicTensor { x.relu() }
    /// 1 / (1 + e⁻ˣ).
    public static func sigmoid(_ x: SymbolicTensor) -> SymbolicTensor { x.sigmoid() }
    /// log(1 + eˣ).
    public static func softplus(_ x: SymbolicTensor) -> SymbolicTensor { x.softplus() }
    /// x · sigmoid(x).
    public static func silu(_ x: SymbolicTensor) -> SymbolicTensor { x.silu() }
    /// x · Φ(x); by default, as in Keras, with the tanh approximation of Φ.
    public static func gelu(_ x: SymbolicTensor, approximate: Bool = true) -> SymbolicTensor {
        x.gelu(approximate: approximate)
    }
    /// x clipped to 0 … 6.
    public static func relu6(_ x: SymbolicTensor) -> SymbolicTensor {
        x.relu6()
    }
    /// Leaky ReLU: x, times `negativeSlope` below 0; Keras's default is 0.2.
    public static func leakyRelu(_ x: SymbolicTensor, negativeSlope: Float = 0.2) -> SymbolicTensor
    {
        x.leakyRelu(negativeSlope: negativeSlope)
    }
    /// x, and alpha · (eˣ − 1) below 0.
    public static func elu(_ x: SymbolicTensor, alpha: Float = 1) -> SymbolicTensor {
        x.elu(alpha: alpha)
    }
    /// x, and alpha · (e^(x / alpha) − 1) below 0.
    public static func celu(_ x: SymbolicTensor, alpha: Float = 1) -> SymbolicTensor {
        x.celu(alpha: alpha)
    }
    /// ``elu(_:alpha:)`` with the constants that keep mean and variance through layers.
    public static func selu(_ x: SymbolicTensor) -> SymbolicTensor {
        x.selu()
    }
    /// The first half of an axis times the sigmoid of the second.
    public static func glu(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.glu(axis: axis)
    }
    /// The logarithm of the sigmoid.
    public static func logSigmoid(_ x: SymbolicTensor) -> SymbolicTensor {
        x.logSigmoid()
    }
    /// x / 6 + ½, clipped to 0 … 1.
    public static func hardSigmoid(_ x: SymbolicTensor) -> SymbolicTensor {
        x.hardSigmoid()
    }
    /// x · hard sigmoid(x).
    public static func hardSilu(_ x: SymbolicTensor) -> SymbolicTensor {
        x.hardSilu()
    }
    /// x clipped to −1 … 1.
    public static func hardTanh(_ x: SymbolicTensor) -> SymbolicTensor {
        x.hardTanh()
    }
    /// x if |x| is above the threshold, otherwise 0.
    public static func hardShrink(_ x: SymbolicTensor, threshold: Float = 0.5) -> SymbolicTensor {
        x.hardShrink(threshold: threshold)
    }
    /// x shrunk towards 0 by the threshold.
    public static func softShrink(_ x: SymbolicTensor, threshold: Float = 0.5) -> SymbolicTensor {
        x.softShrink(threshold: threshold)
    }
    /// x − tanh(x).
    public static func tanhShrink(_ x: SymbolicTensor) -> SymbolicTensor {
        x.tanhShrink()
    }
    /// x if it is above the threshold, otherwise `defaultValue`.
    public static func threshold(_ x: SymbolicTensor, threshold: Float, defaultValue: Float)
        -> SymbolicTensor
    {
        x.threshold(threshold, defaultValue: defaultValue)
    }
    /// x / (1 + |x|).
    public static func softsign(_ x: SymbolicTensor) -> SymbolicTensor {
        x.softsign()
    }
    /// (x + √(x² + b)) / 2.
    public static func squareplus(_ x: SymbolicTensor, b: Float = 4) -> SymbolicTensor {
        x.squareplus(b: b)
    }
    /// 0 up to −1, x from 1 on, and the parabola (x + 1)² / 4 between.
    public static func sparsePlus(_ x: SymbolicTensor) -> SymbolicTensor {
        x.sparsePlus()
    }
    /// 0 up to −1, 1 from 1 on, and (x + 1) / 2 between.
    public static func sparseSigmoid(_ x: SymbolicTensor) -> SymbolicTensor {
        x.sparseSigmoid()
    }
    /// Sparsemax: the projection of x onto the probability simplex along an axis.
    public static func sparsemax(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.sparsemax(axis: axis)
    }

    // MARK: Distributions

    /// Softmax along an axis.
    public static func softmax(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.softmax(axis: axis)
    }
    /// The logarithm of the softmax.
    public static func logSoftmax(_ x: SymbolicTensor, axis: Int = -1) -> SymbolicTensor {
        x.logSoftmax(axis: axis)
    }
}
