/// Elementwise minimum of the inputs.
///
/// ```swift
/// let y = Minimum()([left, right])
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
/// Keras 3.15.1 `Minimum`.
public final class Minimum: MergingLayer {
    override func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        a.minimum(b)
    }
}
