/// Histogram equalization of values in 0 … 255, channel by channel.
///
/// The last axis is the channels'. With the histogram over `bins` and c its cumulative sum, a value
/// of bin i becomes ⌊255 · (cᵢ − c₀) / (c − c₀)⌉, where c₀ is the first count above 0 and c the
/// last; a channel with a single bin is unchanged. There is no gradient.
package struct Equalization: OperationDefinition {
    package var name: String { "equalization" }
    package static let prototypes = [Equalization(bins: 256)]
    package static let attributes: [Attribute<Equalization>] = [
        .required("bins", \.bins, .atLeast(1))
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var bins: Int

    package init(bins: Int) {
        self.bins = bins
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.sourceCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try inputs[0].require(.float32, of: "images")
        guard inputs[0].shape.rank > 0 else {
            throw .wrongRank(got: inputs[0].shape, expected: "[…, channels]")
        }
        return [TensorType(inputs[0].shape)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [nil]
    }
}

extension SymbolicTensor {
    /// Histogram equalization of values in 0 … 255, channel by channel.
    package func equalized(bins: Int) -> SymbolicTensor {
        .apply(.equalization(Equalization(bins: bins)), cast(to: .float32))
    }
}
