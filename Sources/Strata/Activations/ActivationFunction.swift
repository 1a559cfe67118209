/// A function applied to a layer's result, by Keras's name.
///
/// Keras 3.15.1 `keras.activations`, with the defaults of its functions.
public enum ActivationFunction: String, Sendable, Hashable, CaseIterable {
    case linear
    case relu
    case sigmoid
    case softmax
    case tanh

    /// The function of every element, or of every row for those that look at a whole axis.
    public func callAsFunction(_ x: SymbolicTensor) -> SymbolicTensor {
        switch self {
        case .linear: x
        case .relu: x.relu()
        case .sigmoid: x.sigmoid()
        case .softmax: x.softmax()
        case .tanh: x.tanh()
        }
    }
}
