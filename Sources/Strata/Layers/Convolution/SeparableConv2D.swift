/// A separable 2D convolution over images: depthwise, then pointwise.
///
/// It has far fewer weights than an ordinary convolution of the same size.
///
/// ```swift
/// let y = SeparableConv2D(32, kernelSize: 3)(Input(shape: [28, 28, 8]))  // [?, 26, 26, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first; height and width may be unknown.
/// - Output: `[batch, newHeight, newWidth, filters]`
/// - Weights, in saved order: depthwise kernel
///   `[kernelHeight, kernelWidth, channels, depthMultiplier]`, pointwise kernel
///   `[1, 1, channels · depthMultiplier, filters]`, bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), unknown channels.
///
/// ### Source
/// Keras 3.15.1 `SeparableConv2D`; Chollet, 2017, arXiv 1610.02357.
public final class SeparableConv2D: SeparableConvolutionLayer {
    override class var spatialRank: Int { 2 }
}
