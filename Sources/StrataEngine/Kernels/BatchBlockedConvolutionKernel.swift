internal import CKernels

/// A convolution of images in the batch-blocked layout (oneDNN's `Abcd16a`).
struct BatchBlockedConvolutionKernel: Kernel {
    var convolution: InterleavedConvolution
    var image: Int
    var weights: Int
    var bias: Int?
    var result: Int

    var implementation: String { "strata:batchBlocked" }
    var reads: [Int] { [image, weights] + [bias].compactMap(\.self) }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = ck_interleaved(convolution)
        raw.image = UnsafePointer(memory.floats(image))
        raw.weights = UnsafePointer(memory.floats(weights))
        raw.bias = bias.map { UnsafePointer(memory.floats($0)) }
        raw.result = memory.floats(result)
        return BoundKernel({ ck_run_interleaved($0) }, raw)
    }
}

/// The gradients of the weights and the bias of a convolution of batch-blocked images.
struct BatchBlockedWeightsGradientKernel: Kernel {
    var convolution: InterleavedConvolution
    /// In how many partitions of the batch sums are made.
    var partitions: Int
    var image: Int
    var resultGradient: Int
    var weightsGradient: Int
    var biasGradient: Int?
    var scratchpad: Int?

    var implementation: String { "strata:batchBlocked" }
    var reads: [Int] { [image, resultGradient] }
    var writes: [Int] { [weightsGradient] + [biasGradient].compactMap(\.self) }

    /// The scratchpad's size: sixteen partial sums of every weight in each partition.
    static func scratchpadByteCount(_ convolution: InterleavedConvolution, partitions: Int) -> Int {
        partitions * convolution.gradientCount * MemoryDescriptor.interleavedCount * 4
    }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = ck_interleaved(convolution)
        raw.image = UnsafePointer(memory.floats(image))
        raw.result = memory.floats(resultGradient)
        raw.parts = Int64(partitions)
        raw.room = scratchpad.map { memory.floats($0) }
        raw.weights_gradient = memory.floats(weightsGradient)
        raw.bias_gradient = biasGradient.map { memory.floats($0) }
        return BoundKernel({ ck_run_interleaved_gradient($0) }, raw)
    }
}

extension ck_interleaved {
    fileprivate init(_ convolution: InterleavedConvolution) {
        self.init()
        let size = axes(2, convolution.image.dropFirst().dropLast(), first: 1)
        let output = axes(2, convolution.output.dropFirst().dropLast(), first: 1)
        let kernel = convolution.kernel
        blocks = Int64(convolution.image[0] / MemoryDescriptor.interleavedCount)
        (height, width) = (Int64(size[0]), Int64(size[1]))
        (rows, columns) = (Int64(output[0]), Int64(output[1]))
        (channels, filters) = (Int64(kernel[kernel.count - 2]), Int64(kernel[kernel.count - 1]))
        copyAxes(axes(2, kernel.dropLast(2), first: 1), to: &self.kernel)
        copyAxes(axes(2, convolution.strides, first: 1), to: &strides)
        copyAxes(axes(2, convolution.low, first: 0), to: &low)
        activation = convolution.activation.opcode
    }
}
