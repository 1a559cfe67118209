internal import StrataGraph

/// A convolution of interleaved images by loops of our own (`CKernels/interleaved.c`), one place after the
/// other.
struct InterleavedConvolution: Sendable {
    /// [batch, places…, channels].
    var image: [Int]
    /// [batch, places…, filters].
    var output: [Int]
    var kernel: [Int]
    var strides: [Int]
    /// How many places windows begin before the image.
    var low: [Int]
    var activation: Activation?

    init(_ item: ConvolutionCase, activation: Activation? = nil) {
        (image, output, kernel) = (item.image, item.output, item.kernel)
        let window = item.convolution.window
        strides = window.strides
        low = (0..<window.rank).map { window.margins($0, length: item.image[$0 + 1]).low }
        self.activation = activation
    }

    /// The gradient of the image: a convolution of the result's gradient with the kernel turned around.
    var backward: InterleavedConvolution {
        var backward = self
        (backward.image, backward.output) = (output, image)
        backward.kernel = kernel.dropLast(2) + [kernel[kernel.count - 1], kernel[kernel.count - 2]]
        backward.low = zip(kernel, low).map { $0 - 1 - $1 }
        return backward
    }

    /// The kernel turned around, and from filters to channels.
    var turning: StridedCopy {
        let strides = rowMajorStrides(kernel)
        let (places, last) = (kernel.count - 2, kernel.count - 1)
        return StridedCopy(
            dims: backward.kernel,
            sourceStrides: strides[..<places].map { -$0 } + [strides[last], strides[places]],
            destinationStrides: rowMajorStrides(backward.kernel),
            sourceOffset: zip(kernel, strides[..<places]).map { ($0 - 1) * $1 }.reduce(0, +),
            elementSize: 4)
    }

    /// How many numbers the gradients of weights and bias have.
    var gradientCount: Int { kernel.reduce(1, *) + kernel[kernel.count - 1] }
}
