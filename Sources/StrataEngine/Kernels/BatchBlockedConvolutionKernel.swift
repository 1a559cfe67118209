internal import CKernels

/// A convolution of images in the batch-blocked layout (oneDNN's `Abcd16a`).
struct BatchBlockedConvolutionKernel: Kernel {
    var convolution: BatchBlockedConvolution
    var image: Int
    var weights: Int
    var bias: Int?
    var result: Int

    var implementation: String { "strata:batchBlocked" }
    var reads: [Int] { [image, weights] + [bias].compactMap(\.self) }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_batch_blocked(convolution)
        raw.image = UnsafePointer(memory.floats(image))
        raw.weights = UnsafePointer(memory.floats(weights))
        raw.bias = bias.map { UnsafePointer(memory.floats($0)) }
        raw.result = memory.floats(result)
        return BoundKernel({ strata_run_batch_blocked($0) }, raw)
    }
}

/// The gradients of the weights and the bias of a convolution of batch-blocked images.
struct BatchBlockedWeightsGradientKernel: Kernel {
    var convolution: BatchBlockedConvolution
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
    static func scratchpadByteCount(_ convolution: BatchBlockedConvolution, partitions: Int) -> Int
    {
        partitions * convolution.gradientCount * MemoryDescriptor.batchBlock * 4
    }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_batch_blocked(convolution)
        raw.image = UnsafePointer(memory.floats(image))
        raw.result = memory.floats(resultGradient)
        raw.partitions = Int64(partitions)
        raw.scratchpad = scratchpad.map { memory.floats($0) }
        raw.weights_gradient = memory.floats(weightsGradient)
        raw.bias_gradient = biasGradient.map { memory.floats($0) }
        return BoundKernel({ strata_run_batch_blocked_weights_gradient($0) }, raw)
    }
}

extension strata_batch_blocked {
    fileprivate init(_ convolution: BatchBlockedConvolution) {
        self.init()
        let size = axes(2, convolution.image.dropFirst().dropLast(), first: 1)
        let output = axes(2, convolution.output.dropFirst().dropLast(), first: 1)
        let kernel = convolution.kernel
        blocks = Int64(convolution.image[0] / MemoryDescriptor.batchBlock)
        (height, width) = (Int64(size[0]), Int64(size[1]))
        (rows, columns) = (Int64(output[0]), Int64(output[1]))
        (channels, filters) = (Int64(kernel[kernel.count - 2]), Int64(kernel[kernel.count - 1]))
        copyAxes(axes(2, kernel.dropLast(2), first: 1), to: &self.kernel)
        copyAxes(axes(2, convolution.strides, first: 1), to: &strides)
        copyAxes(axes(2, convolution.paddingBefore, first: 0), to: &padding_before)
        activation = convolution.activation.opcode
    }
}
