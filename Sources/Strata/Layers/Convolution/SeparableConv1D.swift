/// A separable 1D convolution over sequences: depthwise, then pointwise.
///
/// It has far fewer weights than an ordinary convolution of the same size.
///
/// ```swift
/// let y = SeparableConv1D(32, kernelSize: 3)(Input(shape: [100, 8]))  // [?, 98, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first; length may be unknown.
/// - Output: `[batch, newLength, filters]`
/// - Weights, in saved order: depthwise kernel `[kernelSize, channels, depthMultiplier]`,
///   pointwise kernel `[1, channels · depthMultiplier, filters]`, bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), unknown channels.
///
/// ### Source
/// Keras 3.15.1 `SeparableConv1D`; Chollet, 2017, arXiv 1610.02357.
public final class SeparableConv1D: SeparableConvolutionLayer {
    override class var spatialRank: Int { 1 }
}
