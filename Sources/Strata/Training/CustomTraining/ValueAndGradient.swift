/// The value of a closure and its gradients with respect to weights, for custom training steps.
///
/// The closure is traced once for each kind of input, like that of a ``TracedFunction``.
///
/// ```swift
/// let loss = valueAndGradient(of: model.trainableWeights) { inputs, context in
///     MeanSquaredError()(inputs[1], model(inputs[0], context))
/// }
/// let trainer = Trainer(SGD(), for: model)
/// for (x, y) in batches {
///     let (value, gradients) = try loss([x, y])
///     try trainer.apply(gradients)
/// }
/// ```
///
/// - Parameters:
///   - weights: the weights to differentiate by.
///   - isTraining: whether layers behave as in training.
///   - body: computes a scalar.
public func valueAndGradient(
    of weights: [Variable], isTraining: Bool = true,
    _ body: @escaping (_ inputs: [SymbolicTensor], _ context: CallContext) throws -> SymbolicTensor
) -> ValueAndGradient {
    ValueAndGradient(weights, isTraining: isTraining, body)
}

/// The function that ``valueAndGradient(of:isTraining:_:)`` returns.
public final class ValueAndGradient {
    private let function: TracedFunction

    fileprivate init(
        _ weights: [Variable], isTraining: Bool,
        _ body: @escaping ([SymbolicTensor], CallContext) throws -> SymbolicTensor
    ) {
        function = TracedFunction(isTraining: isTraining) { inputs, context in
            // Read before the layers, since later reads would see updated statistics.
            let values = weights.map { context.value(of: $0) }
            let value = try body(inputs, context)
            if let error = value.error { throw error }
            guard value.rank == 0 else {
                throw GraphError(
                    .invalidArgument(
                        "a gradient is taken of a scalar, but a tensor of shape \(value.shape) was given",
                        fix: "return a scalar: a loss, or a sum() or mean()"))
            }
            return [value.cast(to: .float32)]
                + value.gradients(withRespectTo: values).map { $0.cast(to: .float32) }
        }
    }

    /// The value for these inputs, and one gradient for each weight.
    ///
    /// - Throws: an error of the closure, or a ``GraphError`` if shapes do not fit.
    public func callAsFunction(_ inputs: [Tensor]) throws -> (value: Tensor, gradients: [Tensor]) {
        let results = try function(inputs)
        return (results.first ?? Tensor(.nan), Array(results.dropFirst()))
    }
}
