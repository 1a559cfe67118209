extension SymbolicTensor {
    /// The norm of each vector along `axes`, which stay as axes of 1.
    func norms(axes: [Int]) -> SymbolicTensor {
        square().sum(axes: axes, keepDimensions: true).sqrt()
    }

    /// Each vector along `axes`, scaled from its norm to `length`, up to Keras's epsilon.
    func scaled(from norms: SymbolicTensor, to length: SymbolicTensor) -> SymbolicTensor {
        self * (length / (norms + 1e-7))
    }
}

extension JSONValue {
    /// Axes as Keras writes them: one alone, or a list.
    init(axes: [Int]) {
        self = axes.count == 1 ? .integer(axes[0]) : .array(axes.map(JSONValue.integer))
    }
}
