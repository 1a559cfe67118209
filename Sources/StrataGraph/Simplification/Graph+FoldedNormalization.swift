extension Graph {
    /// The same computation, with batch normalization by given statistics folded into the
    /// convolution before it; after anything else it becomes a product and a sum, which are fused
    /// with what follows.
    ///
    /// γ · (x ∗ k + b − μ) / √(σ² + ε) + β is the convolution with the kernel k · s and the bias (b
    /// − μ) · s + β, where s = γ / √(σ² + ε). Both depend on variables only, so a plan for
    /// inference computes them once.
    package func foldingNormalizations() -> Graph {
        var readers = Array(repeating: 0, count: nodes.count)
        for value in nodes.flatMap(\.inputs) + outputs + updates.map(\.value) {
            readers[value.node] += 1
        }
        var rewriting = GraphRewriting(self)
        for (number, node) in nodes.enumerated() {
            guard case .batchNormalization(let normalization) = node.operation,
                normalization.usesGivenStatistics
            else { continue }
            let source = nodes[node.inputs[0].node]
            guard case .convolution = source.operation, readers[node.inputs[0].node] == 1 else {
                rewriting.replace(number) { graph in
                    graph.scaled(node.inputs.map { graph[$0] }, epsilon: normalization.epsilon)
                }
                continue
            }
            rewriting.replace(number) { graph in
                let folded = graph.folded(
                    source.inputs.map { graph[$0] }, node.inputs.map { graph[$0] },
                    epsilon: normalization.epsilon)
                return graph.add(source.operation, folded, node.outputs)
            }
        }
        return rewriting.result()
    }
}

extension GraphRewriting {
    /// The inputs of a convolution that includes a normalization: image, kernel and bias.
    fileprivate mutating func folded(
        _ convolution: [Graph.Value], _ normalization: [Graph.Value], epsilon: Float
    ) -> [Graph.Value] {
        let (scale, beta, mean) = scale(normalization, epsilon: epsilon)
        let kernel = binary(.multiply, float32(convolution[1]), scale)
        let centred =
            convolution.count == 3
            ? binary(.subtract, float32(convolution[2]), mean) : unary(.negate, mean)
        let bias = binary(.add, binary(.multiply, centred, scale), beta)
        let dtype = self.type(of: convolution[1]).dtype
        return [convolution[0], cast(kernel, to: dtype), bias]
    }

    /// x · s + (β − μ · s): s and the second term depend on variables only.
    fileprivate mutating func scaled(_ normalization: [Graph.Value], epsilon: Float) -> Graph.Value
    {
        let (scale, beta, mean) = scale(normalization, epsilon: epsilon)
        let shift = binary(.subtract, beta, binary(.multiply, mean, scale))
        let x = cast(normalization[0], to: .float32)
        let result = binary(.add, binary(.multiply, x, scale), shift)
        return cast(result, to: type(of: normalization[0]).dtype)
    }

    /// γ / √(σ² + ε), β and μ of a normalization's inputs.
    private mutating func scale(_ normalization: [Graph.Value], epsilon: Float)
        -> (scale: Graph.Value, beta: Graph.Value, mean: Graph.Value)
    {
        let gamma = float32(normalization[1]), beta = float32(normalization[2])
        let mean = float32(normalization[3]), variance = float32(normalization[4])
        let epsilon = add(.constant(Tensor(epsilon)), [], [TensorType(Shape([]))])
        let deviation = unary(.sqrt, binary(.add, variance, epsilon))
        return (binary(.divide, gamma, deviation), beta, mean)
    }

    /// The value before it was rounded to `bfloat16`, or as it is.
    private mutating func float32(_ value: Graph.Value) -> Graph.Value {
        cast(unrounded(value), to: .float32)
    }

    private mutating func cast(_ value: Graph.Value, to dtype: DType) -> Graph.Value {
        let own = type(of: value)
        if own.dtype == dtype { return value }
        return add(.cast(dtype), [value], [TensorType(own.shape, dtype)])
    }

    private mutating func unary(_ function: UnaryFunction, _ x: Graph.Value) -> Graph.Value {
        add(.unary(function), [x], [type(of: x)])
    }

    /// The left operand has the result's shape.
    private mutating func binary(
        _ function: BinaryFunction, _ a: Graph.Value, _ b: Graph.Value
    ) -> Graph.Value {
        add(.binary(function), [a, b], [type(of: a)])
    }
}
