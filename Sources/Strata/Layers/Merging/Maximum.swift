/// Elementwise maximum of the inputs.
///
/// ```swift
/// let y = Maximum()([left, right])
/// ```
///
/// ### Shapes
/// - Inputs: one or more that broadcast; output: their broadcast shape.
///
/// ### Errors
/// Reported when the model is built: shapes that do not fit
/// (``GraphError/Problem/notBroadcastable(_:_:)``).
///
/// ### Source
/// Keras 3.15.1 `Maximum`.
public final class Maximum: MergingLayer {
    override func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.maximum(b)
    }
}
