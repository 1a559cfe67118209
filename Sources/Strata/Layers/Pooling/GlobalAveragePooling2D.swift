/// Global average pooling: the mean of each channel over height and width.
///
/// The output does not depend on the size, so a model that ends with it accepts images of any size.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of length 1 between them if `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalAveragePooling2D`.
public final class GlobalAveragePooling2D: GlobalPoolingLayer {
    override class var spatialRank: Int { 2 }
    override class var kind: Pooling.Kind { .average }
}
