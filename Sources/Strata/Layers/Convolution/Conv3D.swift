/// A 3D convolution over volumes.
///
/// Slides `filters` kernels over depth, height and width and adds a bias, then applies `activation`. With
/// `padding: .valid` a length n gives ⌊(n − dilation · (kernel − 1) − 1) / stride⌋ + 1 places, with
/// `.same` ⌈n / stride⌉, and with `.full` and stride 1 n + dilation · (kernel − 1).
///
/// ```swift
/// let y = Conv3D(32, kernelSize: 3, activation: .relu)(Input(shape: [16, 16, 16, 1]))  // [?, 14, 14, 14, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`; depth, height and width may be unknown.
/// - Output: `[batch, newDepth, newHeight, newWidth, filters]`
/// - Weights, in saved order: kernel `[kernelDepth, kernelHeight, kernelWidth, channels / groups, filters]`,
///   bias `[filters]`
///
/// ### Errors
/// Reported when the model is built: an input smaller than the kernel
/// (``GraphError/Problem/tooSmall(image:window:isPool:)``), channels or filters not divisible by
/// `groups`, strides and dilation both above 1.
///
/// ### Source
/// Keras 3.15.1 `Conv3D`; `.full` is Strata's own.
public final class Conv3D: ConvolutionLayer {
    override class var spatialRank: Int { 3 }

    /// Arguments and defaults are Keras's; ``ConvolutionLayer/Arguments`` explains them.
    public convenience init(
        _ filters: Int, kernelSize: SpatialSize, strides: SpatialSize = 1,
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: SpatialSize = 1, groups: Int = 1,
        activation: ActivationFunction = .linear, useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros, kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil, activityRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil, biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        var arguments = Arguments(filters: filters, kernelSize: kernelSize)
        arguments.strides = strides
        arguments.padding = padding
        arguments.dataFormat = dataFormat
        arguments.dilationRate = dilationRate
        arguments.groups = groups
        arguments.activation = activation
        arguments.useBias = useBias
        arguments.kernelInitializer = kernelInitializer
        arguments.biasInitializer = biasInitializer
        arguments.kernelRegularizer = kernelRegularizer
        arguments.biasRegularizer = biasRegularizer
        arguments.activityRegularizer = activityRegularizer
        arguments.kernelConstraint = kernelConstraint
        arguments.biasConstraint = biasConstraint
        self.init(arguments, name: name)
    }
}
