/// Adaptive average pooling over sequences: the mean of a fixed number of parts.
///
/// Part i of m along an axis of length n goes from ⌊i · n / m⌋ up to ⌈(i + 1) · n / m⌉, so that
/// parts may overlap by one element.
///
/// ```swift
/// let y = AdaptiveAveragePooling1D(4)(Input(shape: [10, 3]))  // [?, 4, 3]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first; length may be unknown.
/// - Output: `[batch, outputSize, channels]`, or channels first.
///
/// ### Source
/// Keras 3.15.1 `AdaptiveAveragePooling1D`.
public final class AdaptiveAveragePooling1D: AdaptivePoolingLayer {
    override class var spatialRank: Int { 1 }
    override class var kind: Pooling.Kind { .average }
}
