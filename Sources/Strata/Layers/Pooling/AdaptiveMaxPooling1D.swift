/// Adaptive max pooling over sequences: the maximum of a fixed number of parts.
///
/// Part i of m along an axis of length n goes from ⌊i · n / m⌋ up to ⌈(i + 1) · n / m⌉, so that
/// parts may overlap by one element.
///
/// ```swift
/// let y = AdaptiveMaxPooling1D(4)(Input(shape: [10, 3]))  // [?, 4, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first; length may be unknown.
/// - Output: `[batch, outputSize, channels]`, or channels first.
///
/// ### Source
/// Keras 3.15.1 `AdaptiveMaxPooling1D`.
public final class AdaptiveMaxPooling1D: AdaptivePoolingLayer {
    override class var spatialRank: Int { 1 }
    override class var kind: Pooling.Kind { .maximum }
}
