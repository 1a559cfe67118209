/// Elementwise difference of two inputs.
///
/// ```swift
/// let y = Subtract()([left, right])
/// ```
///
/// ### Shapes
/// - Inputs: two that broadcast; output: their broadcast shape.
///
/// ### Errors
/// Reported when the model is built: shapes that do not fit
/// (``GraphError/Problem/notBroadcastable(_:_:)``), more or fewer than two inputs.
///
/// ### Source
/// Keras 3.15.1 `Subtract`.
public final class Subtract: MergingLayer {
    override func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor { a - b }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard inputShapes.count == 2 else {
            throw .invalidArgument(
                "\(inputShapes.count) inputs were given, but two are needed",
                fix: "call the layer with an array of two tensors")
        }
    }
}
