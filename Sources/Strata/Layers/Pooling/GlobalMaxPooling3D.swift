/// The largest value of each channel over all of depth, height and width.
///
/// What comes out does not depend on the size, so a model that ends so accepts volumes of any size.
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of 1 between where `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalMaxPooling3D`.
public final class GlobalMaxPooling3D: GlobalPoolingLayer {
    override class var spatialRank: Int { 3 }
    override class var kind: Pooling.Kind { .maximum }
}
