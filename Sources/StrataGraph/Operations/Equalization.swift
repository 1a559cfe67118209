/// Histogram equalization of values in 0 … 255, channel by channel.
///
/// The last axis is the channels'. With the histogram over `bins` and c its cumulative sum, a value
/// of bin i becomes ⌊255 · (cᵢ − c₀) / (c − c₀)⌉, where c₀ is the first count above 0 and c the
/// last; a channel with a single bin is unchanged. There is no gradient.
package struct Equalization: OperationDefinition {
    package static let name = "equalization"
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var bins: Int

    package init(bins: Int) {
        self.bins = bins
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.sourceCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        guard inputs[0].shape.rank > 0, bins > 0 else {
            throw .invalidArgument(
                "\(bins) bins for \(inputs[0].shape)", fix: "use 1 bin or more for images")
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
