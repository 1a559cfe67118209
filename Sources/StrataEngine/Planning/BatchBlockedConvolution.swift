internal import StrataGraph

/// A convolution in the batch-blocked layout (`CKernels/batch_blocked.c`).
struct BatchBlockedConvolution: Sendable {
    /// [batch, spatial…, channels].
    var image: [Int]
    /// [batch, spatial…, filters].
    var output: [Int]
    var kernel: [Int]
    var strides: [Int]
    var paddingBefore: [Int]
    var activation: Activation?

    init(_ problem: ConvolutionProblem, activation: Activation? = nil) {
        (image, output, kernel) = (problem.image, problem.output, problem.kernel)
        strides = problem.convolution.window.strides
        paddingBefore = problem.paddingBefore
        self.activation = activation
    }

    /// The gradient of the image: a convolution of the result's gradient with the flipped kernel.
    var backward: BatchBlockedConvolution {
        var backward = self
        (backward.image, backward.output) = (output, image)
        backward.kernel = kernel.dropLast(2) + [kernel[kernel.count - 1], kernel[kernel.count - 2]]
        backward.paddingBefore = zip(kernel, paddingBefore).map { $0 - 1 - $1 }
        return backward
    }

    /// Flips the kernel, and transposes filters and channels.
    var flip: StridedCopy {
        let strides = rowMajorStrides(kernel)
        let (spatial, last) = (kernel.count - 2, kernel.count - 1)
        return StridedCopy(
            dims: backward.kernel,
            sourceStrides: strides[..<spatial].map { -$0 } + [strides[last], strides[spatial]],
            destinationStrides: rowMajorStrides(backward.kernel),
            sourceOffset: zip(kernel, strides[..<spatial]).map { ($0 - 1) * $1 }.reduce(0, +),
            elementSize: 4)
    }

    /// The number of elements of the gradients of weights and bias.
    var gradientCount: Int { kernel.reduce(1, *) + kernel[kernel.count - 1] }
}
