/// Adaptive max pooling over images: the maximum of a fixed number of parts.
///
/// Part i of m along an axis of length n goes from ⌊i · n / m⌋ up to ⌈(i + 1) · n / m⌉, so that
/// parts may overlap by one element.
///
/// ```swift
/// let y = AdaptiveMaxPooling2D([2, 5])(Input(shape: [7, 10, 3]))  // [?, 2, 5, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; height and width may be unknown.
/// - Output: `[batch, outputHeight, outputWidth, channels]`, or channels first.
///
/// ### Source
/// Keras 3.15.1 `AdaptiveMaxPooling2D`.
public final class AdaptiveMaxPooling2D: AdaptivePoolingLayer {
    override class var spatialRank: Int { 2 }
    override class var kind: Pooling.Kind { .maximum }
}
