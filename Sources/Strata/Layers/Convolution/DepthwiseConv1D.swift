/// A 1D convolution over sequences that looks at each channel alone.
///
/// Every channel has `depthMultiplier` kernels of its own, whose results follow each other.
///
/// ```swift
/// let y = DepthwiseConv1D(3)(Input(shape: [100, 8]))  // [?, 98, 8]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first; length may be unknown.
/// - Output: `[batch, newLength, channels · depthMultiplier]`
/// - Weights, in saved order: kernel `[kernelSize, channels, depthMultiplier]`,
///   bias `[channels · depthMultiplier]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), unknown channels.
///
/// ### Source
/// Keras 3.15.1 `DepthwiseConv1D`.
public final class DepthwiseConv1D: DepthwiseConvolutionLayer {
    override class var spatialRank: Int { 1 }
}
