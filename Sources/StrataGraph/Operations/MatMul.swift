/// Batched matrix product: `[batch, rows, width]` with `[batch, width, columns]`.
package struct MatMul: OperationDefinition {
    package var name: String { "matMul" }
    package static let prototypes = [MatMul()]
    package var inputCounts: ClosedRange<Int> { 2...2 }

    package func flops(_ shapes: CallShapes) -> Double {
        2 * shapes.sourceCount * Double(shapes.inputs[1].last ?? 0)
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[1][1]
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let (a, b) = (inputs[0].shape, inputs[1].shape)
        guard a.rank == 3, b.rank == 3 else {
            throw .wrongRank(
                got: a.rank == 3 ? b : a, expected: "[batch, rows, columns]")
        }
        if let width = a[2], let other = b[1], width != other {
            throw .wrongWidth(got: a, expected: other)
        }
        if let batch = a[0], let other = b[0], batch != other {
            throw .notBroadcastable(a, b)
        }
        return [TensorType([a[0] ?? b[0], a[1], b[2]], inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return [nil, nil] }
        return [
            g.matrixProduct(call.inputs[1].transposed([0, 2, 1])),
            call.inputs[0].transposed([0, 2, 1]).matrixProduct(g),
        ]
    }
}

extension SymbolicTensor {
    /// The batched matrix product: `[batch, rows, width]` with `[batch, width, columns]`.
    public func matrixProduct(_ other: SymbolicTensor) -> SymbolicTensor {
        .apply(.matMul(MatMul()), self, other)
    }
}
