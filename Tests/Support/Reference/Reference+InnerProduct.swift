import StrataGraph

/// Rows are `[batch, …]` seen as `[batch, width]`, weights `[width, units]`.
extension Reference {
    /// `[batch, rows, width]` times `[batch, width, columns]`.
    static func matMul(_ a: ReferenceTensor, _ b: ReferenceTensor) -> ReferenceTensor {
        let (rows, width, columns) = (a.shape[1], a.shape[2], b.shape[2])
        var result = ReferenceTensor(repeating: 0, shape: [a.shape[0], rows, columns])
        for n in 0..<a.shape[0] {
            for row in 0..<rows {
                for column in 0..<columns {
                    for w in 0..<width {
                        result.values[(n * rows + row) * columns + column] +=
                            a.values[(n * rows + row) * width + w]
                            * b.values[(n * width + w) * columns + column]
                    }
                }
            }
        }
        return result
    }

    static func innerProduct(
        _ rows: ReferenceTensor, _ weights: ReferenceTensor, bias: ReferenceTensor?
    ) -> ReferenceTensor {
        let (batch, width, units) = (rows.shape[0], weights.shape[0], weights.shape[1])
        var result = ReferenceTensor(repeating: 0, shape: [batch, units])
        for n in 0..<batch {
            for u in 0..<units {
                var sum = bias?.values[u] ?? 0
                for w in 0..<width {
                    sum += rows.values[n * width + w] * weights.values[w * units + u]
                }
                result.values[n * units + u] = sum
            }
        }
        return result
    }

    static func innerProductBackwardData(
        _ gradient: ReferenceTensor, _ weights: ReferenceTensor, shape: [Int]
    ) -> ReferenceTensor {
        let (batch, width, units) = (gradient.shape[0], weights.shape[0], weights.shape[1])
        var result = ReferenceTensor(repeating: 0, shape: shape)
        for n in 0..<batch {
            for w in 0..<width {
                for u in 0..<units {
                    result.values[n * width + w] +=
                        gradient.values[n * units + u] * weights.values[w * units + u]
                }
            }
        }
        return result
    }

    static func innerProductBackwardWeights(
        _ rows: ReferenceTensor, _ gradient: ReferenceTensor, hasBias: Bool
    ) -> [ReferenceTensor] {
        let (batch, units) = (gradient.shape[0], gradient.shape[1])
        let width = rows.count / batch
        var weights = ReferenceTensor(repeating: 0, shape: [width, units])
        var bias = ReferenceTensor(repeating: 0, shape: [units])
        for n in 0..<batch {
            for u in 0..<units {
                bias.values[u] += gradient.values[n * units + u]
                for w in 0..<width {
                    weights.values[w * units + u] +=
                        rows.values[n * width + w] * gradient.values[n * units + u]
                }
            }
        }
        return hasBias ? [weights, bias] : [weights]
    }
}
