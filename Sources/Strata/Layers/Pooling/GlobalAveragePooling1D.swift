/// Global average pooling: the mean of each channel over length.
///
/// The output does not depend on the size, so a model that ends with it accepts sequences of any
/// size.
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of length 1 between them if `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalAveragePooling1D`.
public final class GlobalAveragePooling1D: GlobalPoolingLayer {
    override class var spatialRank: Int { 1 }
    override class var kind: Pooling.Kind { .average }

    /// The mean of the unmasked timesteps, if the input has a mask.
    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard let mask = context.mask(of: x), x.rank == 3, mask.rank == 2 else {
            return super.call(x, context)
        }
        let isLast = dataFormat == .channelsLast
        let batch = mask.shape.dimensions
        let counts = mask.reshaped(isLast ? Shape(batch + [1]) : Shape([batch[0], 1, batch[1]]))
            .cast(to: x.dtype)
        let axis = [isLast ? 1 : 2]
        return counts.select(x, .constant(0).cast(to: x.dtype))
            .sum(axes: axis, keepDimensions: keepDimensions)
            / counts.sum(axes: axis, keepDimensions: keepDimensions)
    }

    public override var supportsMasking: Bool { true }

    /// There are no timesteps left to mask.
    public override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    { nil }
}
