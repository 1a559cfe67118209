/// Global max pooling: the maximum of each channel over length.
///
/// The output does not depend on the size, so a model that ends with it accepts sequences of any
/// size.
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of length 1 between them if `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalMaxPooling1D`.
public final class GlobalMaxPooling1D: GlobalPoolingLayer {
    override class var spatialRank: Int { 1 }
    override class var kind: Pooling.Kind { .maximum }
}
