/// A depthwise 2D convolution over images: each channel has its own kernels.
///
/// Every channel has `depthMultiplier` kernels, whose outputs are consecutive channels.
///
/// ```swift
/// let y = DepthwiseConv2D(3)(Input(shape: [28, 28, 8]))  // [?, 26, 26, 8]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; height and width may be unknown.
/// - Output: `[batch, newHeight, newWidth, channels · depthMultiplier]`
/// - Weights, in saved order: kernel `[kernelHeight, kernelWidth, channels, depthMultiplier]`,
///   bias `[channels · depthMultiplier]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), unknown channels.
///
/// ### Source
/// Keras 3.15.1 `DepthwiseConv2D`.
public final class DepthwiseConv2D: DepthwiseConvolutionLayer {
    override class var spatialRank: Int { 2 }
}
