/// A transposed convolution as the gradient of a convolution.
///
/// Keras 3.15.1 on JAX: without `outputPadding` the result has length · stride positions for
/// `.same`, and (length − 1) · stride + max(reach, stride) for `.valid`.
package struct ConvolutionTranspose: Sendable, Hashable {
    package var window: Window
    /// The number of positions added at the end of each axis, below its stride; `nil` for Keras's
    /// default.
    package var outputPadding: [Int]?

    package init(window: Window, outputPadding: [Int]?) {
        self.window = window
        self.outputPadding = outputPadding
    }

    /// The number of positions along an axis of `length`.
    package func count(_ axis: Int, length: Int) -> Int {
        let (reach, stride) = (window.reach(axis), window.strides[axis])
        guard window.padding == .same else {
            let extra = outputPadding?[axis] ?? max(reach, stride) - reach
            return (length - 1) * stride + reach + extra
        }
        guard let extra = outputPadding?[axis] else { return length * stride }
        return (length - 1) * stride + reach % 2 + extra
    }

    /// The convolution from the result back to the input.
    package var convolution: Convolution {
        var window = window
        var explicit = Window.ExplicitPadding(before: [], after: [])
        for axis in 0..<window.rank {
            let (reach, stride) = (window.reach(axis), window.strides[axis])
            guard window.padding == .same else {
                explicit.before.append(0)
                explicit.after.append(0)
                continue
            }
            // Of an odd number of zeros around the dilated input, JAX puts the extra one first.
            let zeros = outputPadding.map { reach + reach % 2 - 2 + $0[axis] } ?? stride + reach - 2
            let before = min(zeros / 2 + zeros % 2, reach - 1)
            explicit.before.append(reach - 1 - before)
            // Positions after the last window, which have no gradient, are not padding.
            explicit.after.append(max(reach - 1 - (zeros - before), 0))
        }
        window.explicitPadding = explicit
        return Convolution(window: window)
    }
}

extension SymbolicTensor {
    /// The transposed convolution of `[batch, spatial…, channels]` with a kernel
    /// `[spatial…, filters, channels]`.
    package func convolvedTransposed(
        with kernel: SymbolicTensor, _ transpose: ConvolutionTranspose
    ) -> SymbolicTensor {
        if let error = error ?? kernel.error { return SymbolicTensor(failure: error) }
        let rank = transpose.window.rank
        guard self.rank == rank + 2 else {
            let axes = (0..<rank).map { _ in "size" }.joined(separator: ", ")
            return SymbolicTensor(
                failure: GraphError(.wrongRank(got: shape, expected: "[batch, \(axes), channels]")))
        }
        if let channels = shape[-1], let width = kernel.shape[-1], channels != width {
            return SymbolicTensor(failure: GraphError(.wrongWidth(got: shape, expected: width)))
        }
        let size = (0..<rank).map { axis in
            shape[axis + 1].map { transpose.count(axis, length: $0) }
        }
        if size.contains(where: { $0 == 0 }) {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        "a transposed convolution of \(shape) leaves \(Shape(size)), which is nothing",
                        fix: "use a larger input or output padding")))
        }
        let result = Shape([shape[0]] + size + [kernel.shape[-2]])
        let backward = ConvolutionBackwardData(
            convolution: transpose.convolution, shape: result)
        return .apply(.convolutionBackwardData(backward), promoted(for: kernel), kernel)
    }
}
