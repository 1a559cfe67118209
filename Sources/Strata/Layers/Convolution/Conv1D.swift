/// A 1D convolution over sequences.
///
/// Slides `filters` kernels over length and adds a bias, then applies `activation`. With
/// `padding: .valid` a length n gives ⌊(n − dilation · (kernel − 1) − 1) / stride⌋ + 1 positions,
/// with `.same` ⌈n / stride⌉, and with `.full` and stride 1 n + dilation · (kernel − 1).
///
/// ```swift
/// let y = Conv1D(32, kernelSize: 5, activation: .relu)(Input(shape: [100, 8]))  // [?, 96, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`; length may be unknown.
/// - Output: `[batch, newLength, filters]`
/// - Weights, in saved order: kernel `[kernelSize, channels / groups, filters]`,
///   bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), channels or filters not divisible by
/// `groups`, strides and dilation both above 1.
///
/// ### Source
/// Keras 3.15.1 `Conv1D`; `.full` is Strata's own.
public final class Conv1D: ConvolutionLayer {
    override class var spatialRank: Int { 1 }
}
