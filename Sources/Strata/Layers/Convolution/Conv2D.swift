/// A 2D convolution over images.
///
/// Slides `filters` kernels over height and width and adds a bias, then applies `activation`. With
/// `padding: .valid` a length n gives ⌊(n − dilation · (kernel − 1) − 1) / stride⌋ + 1 positions,
/// with `.same` ⌈n / stride⌉, and with `.full` and stride 1 n + dilation · (kernel − 1).
///
/// ```swift
/// let y = Conv2D(32, kernelSize: 3, activation: .relu)(Input(shape: [28, 28, 1]))  // [?, 26, 26, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`; height and width may be unknown.
/// - Output: `[batch, newHeight, newWidth, filters]`
/// - Weights, in saved order: kernel `[kernelHeight, kernelWidth, channels / groups, filters]`,
///   bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), channels or filters not divisible by
/// `groups`, strides and dilation both above 1.
///
/// ### Source
/// Keras 3.15.1 `Conv2D`; `.full` is Strata's own.
public final class Conv2D: ConvolutionLayer {
    override class var spatialRank: Int { 2 }
}
