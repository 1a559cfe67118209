/// A depthwise 1D convolution over sequences: each channel has its own kernels.
///
/// Every channel has `depthMultiplier` kernels, whose outputs are consecutive channels.
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
