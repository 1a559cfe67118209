/// An activation function, by Keras's name.
///
/// Keras 3.15.1 `keras.activations`, with the defaults of its functions; where one has parameters,
/// ``SymbolicTensor`` has a method that takes them, such as
/// ``SymbolicTensor/leakyRelu(negativeSlope:)``.
public enum ActivationFunction: String, Sendable, Hashable, CaseIterable {
    case celu
    case elu
    case exponential
    case gelu
    case glu
    case hardShrink = "hard_shrink"
    case hardSigmoid = "hard_sigmoid"
    case hardSilu = "hard_silu"
    case hardTanh = "hard_tanh"
    case leakyRelu = "leaky_relu"
    case linear
    case logSigmoid = "log_sigmoid"
    case logSoftmax = "log_softmax"
    case mish
    case relu
    case relu6
    case selu
    case sigmoid
    case silu
    case softmax
    case softplus
    case softsign
    case softShrink = "soft_shrink"
    case sparsemax
    case sparsePlus = "sparse_plus"
    case sparseSigmoid = "sparse_sigmoid"
    case squareplus
    case tanh
    case tanhShrink = "tanh_shrink"

    /// The function that a name in a file stands for; `nil` if there is none.
    public init?(named name: String) {
        switch name {
        case "swish": self = .silu
        case "hard_swish": self = .hardSilu
        default: self.init(rawValue: name)
        }
    }

    /// The function of each element, or of each row for functions of a whole axis.
    public func callAsFunction(_ x: SymbolicTensor) -> SymbolicTensor {
        switch self {
        case .celu: x.celu()
        case .elu: x.elu()
        case .exponential: x.exp()
        case .gelu: x.gelu()
        case .glu: x.glu()
        case .hardShrink: x.hardShrink()
        case .hardSigmoid: x.hardSigmoid()
        case .hardSilu: x.hardSilu()
        case .hardTanh: x.hardTanh()
        case .leakyRelu: x.leakyRelu()
        case .linear: x
        case .logSigmoid: x.logSigmoid()
        case .logSoftmax: x.logSoftmax()
        case .mish: x.mish()
        case .relu: x.relu()
        case .relu6: x.relu6()
        case .selu: x.selu()
        case .sigmoid: x.sigmoid()
        case .silu: x.silu()
        case .softmax: x.softmax()
        case .softplus: x.softplus()
        case .softsign: x.softsign()
        case .softShrink: x.softShrink()
        case .sparsemax: x.sparsemax()
        case .sparsePlus: x.sparsePlus()
        case .sparseSigmoid: x.sparseSigmoid()
        case .squareplus: x.squareplus()
        case .tanh: x.tanh()
        case .tanhShrink: x.tanhShrink()
        }
    }
}
