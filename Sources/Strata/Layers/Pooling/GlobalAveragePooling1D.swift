/// The mean of each channel over all of length.
///
/// What comes out does not depend on the size, so a model that ends so accepts sequences of any size.
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of 1 between where `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalAveragePooling1D`.
public final class GlobalAveragePooling1D: GlobalPoolingLayer {
    override class var spatialRank: Int { 1 }
    override class var kind: Pooling.Kind { .average }
}
