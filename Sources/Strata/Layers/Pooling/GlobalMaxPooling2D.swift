/// The largest value of each channel over all of height and width.
///
/// What comes out does not depend on the size, so a model that ends so accepts images of any size.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of 1 between where `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalMaxPooling2D`.
public final class GlobalMaxPooling2D: GlobalPoolingLayer {
    override class var spatialRank: Int { 2 }
    override class var kind: Pooling.Kind { .maximum }
}
