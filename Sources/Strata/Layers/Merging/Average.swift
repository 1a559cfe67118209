/// Elementwise mean of the inputs.
///
/// ```swift
/// let y = Average()([left, right])
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
/// Keras 3.15.1 `Average`.
public final class Average: MergingLayer {
    override func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor { a + b }

    override func finish(_ merged: SymbolicTensor, of count: Int) -> SymbolicTensor {
        merged / Float(count)
    }
}
