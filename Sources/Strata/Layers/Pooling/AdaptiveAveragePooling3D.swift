/// Adaptive average pooling over volumes: the mean of a fixed number of parts.
///
/// Part i of m along an axis of length n goes from ⌊i · n / m⌋ up to ⌈(i + 1) · n / m⌉, so that
/// parts may overlap by one element.
///
/// ```swift
/// let y = AdaptiveAveragePooling3D(2)(Input(shape: [5, 6, 7, 3]))  // [?, 2, 2, 2, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first; depth, height and width
///   may be unknown.
/// - Output: `[batch, outputDepth, outputHeight, outputWidth, channels]`, or channels first.
///
/// ### Source
/// Keras 3.15.1 `AdaptiveAveragePooling3D`.
public final class AdaptiveAveragePooling3D: AdaptivePoolingLayer {
    override class var spatialRank: Int { 3 }
    override class var kind: Pooling.Kind { .average }
}
