/// A transposed 1D convolution over sequences: the gradient of a convolution, as a layer.
///
/// Each input element adds a scaled kernel to the output, `strides` apart. With `padding: .valid` a
/// length n gives (n − 1) · stride + max(dilation · (kernel − 1) + 1, stride) positions, with
/// `.same` n · stride; `outputPadding` sets the number of positions that are added at the end
/// instead.
///
/// ```swift
/// let y = Conv1DTranspose(32, kernelSize: 3, strides: 2, padding: .same)(Input(shape: [50, 8]))
/// // [?, 100, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first; length may be unknown.
/// - Output: `[batch, newLength, filters]`
/// - Weights, in saved order: kernel `[kernelSize, filters, channels]`, bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: `outputPadding` not below the strides, strides and dilation
/// both above 1, unknown channels.
///
/// ### Source
/// Keras 3.15.1 `Conv1DTranspose`; Zeiler et al., 2010 (deconvolutional networks).
public final class Conv1DTranspose: ConvolutionTransposeLayer {
    override class var spatialRank: Int { 1 }
}
