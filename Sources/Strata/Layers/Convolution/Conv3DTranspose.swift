/// A transposed 3D convolution over volumes: the gradient of a convolution, as a layer.
///
/// Each input element adds a scaled kernel to the output, `strides` apart. With `padding: .valid` a
/// length n gives (n − 1) · stride + max(dilation · (kernel − 1) + 1, stride) positions, with
/// `.same` n · stride; `outputPadding` sets the number of positions that are added at the end
/// instead.
///
/// ```swift
/// let y = Conv3DTranspose(32, kernelSize: 3, strides: 2, padding: .same)(Input(shape: [8, 8, 8, 4]))
/// // [?, 16, 16, 16, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first; depth, height and width
///   may be unknown.
/// - Output: `[batch, newDepth, newHeight, newWidth, filters]`
/// - Weights, in saved order: kernel `[kernelDepth, kernelHeight, kernelWidth, filters, channels]`,
///   bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: `outputPadding` not below the strides, strides and dilation
/// both above 1, unknown channels.
///
/// ### Source
/// Keras 3.15.1 `Conv3DTranspose`; Zeiler et al., 2010 (deconvolutional networks).
public final class Conv3DTranspose: ConvolutionTransposeLayer {
    override class var spatialRank: Int { 3 }
}
