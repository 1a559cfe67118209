/// Global average pooling: the mean of each channel over depth, height and width.
///
/// The output does not depend on the size, so a model that ends with it accepts volumes of any
/// size.
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: `[batch, channels]`, with axes of length 1 between them if `keepDimensions` is set.
///
/// ### Source
/// Keras 3.15.1 `GlobalAveragePooling3D`.
public final class GlobalAveragePooling3D: GlobalPoolingLayer {
    override class var spatialRank: Int { 3 }
    override class var kind: Pooling.Kind { .average }
}
