internal import CKernels

/// A convolution of 3 × 3 with strides of 2 by Winograd's algorithm, with transformed weights.
struct StridedWinogradKernel: Kernel {
    var convolution: StridedWinograd
    var image: Int
    var transformedWeights: Int
    var bias: Int?
    var result: Int
    var scratchpad: Int?

    var implementation: String { "strata:winograd" }
    var reads: [Int] { [image, transformedWeights] + [bias].compactMap(\.self) }
    var writes: [Int] { [result] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = convolution.raw
        raw.scratchpad = scratchpad.map { memory.floats($0) }
        raw.image = UnsafePointer(memory.floats(image))
        raw.transformed_weights = UnsafePointer(memory.floats(transformedWeights))
        raw.bias = bias.map { UnsafePointer(memory.floats($0)) }
        raw.result = memory.floats(result)
        return BoundKernel({ strata_run_winograd($0) }, raw)
    }
}

/// The gradient of the image of such a convolution.
struct StridedWinogradDataGradientKernel: Kernel {
    var convolution: StridedWinograd
    var resultGradient: Int
    /// Of the kernel with filters before channels.
    var transformedWeights: Int
    var imageGradient: Int
    var scratchpad: Int?

    var implementation: String { "strata:winograd" }
    var reads: [Int] { [resultGradient, transformedWeights] }
    var writes: [Int] { [imageGradient] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = convolution.raw
        raw.scratchpad = scratchpad.map { memory.floats($0) }
        raw.result = memory.floats(resultGradient)
        raw.transformed_weights = UnsafePointer(memory.floats(transformedWeights))
        raw.image_gradient = memory.floats(imageGradient)
        return BoundKernel({ strata_run_winograd_data_gradient($0) }, raw)
    }
}

/// The gradients of the kernel and the bias of such a convolution.
struct StridedWinogradWeightsGradientKernel: Kernel {
    var convolution: StridedWinograd
    var image: Int
    var resultGradient: Int
    var weightsGradient: Int
    var biasGradient: Int?
    var scratchpad: Int?

    var implementation: String { "strata:winograd" }
    var reads: [Int] { [image, resultGradient] }
    var writes: [Int] { [weightsGradient] + [biasGradient].compactMap(\.self) }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = convolution.raw
        raw.scratchpad = scratchpad.map { memory.floats($0) }
        raw.image = UnsafePointer(memory.floats(image))
        raw.result = memory.floats(resultGradient)
        raw.kernel_gradient = memory.floats(weightsGradient)
        raw.bias_gradient = biasGradient.map { memory.floats($0) }
        return BoundKernel({ strata_run_winograd_weights_gradient($0) }, raw)
    }
}

/// The weight transform of Winograd's algorithm for 3 × 3 kernels with strides of 2.
struct WinogradWeightTransformKernel: Kernel {
    /// The channels and filters of the kernel, in the order of the product.
    var rows: Int
    var columns: Int
    var kernel: Int
    var transformedWeights: Int

    var implementation: String { "strata:winograd" }
    var reads: [Int] { [kernel] }
    var writes: [Int] { [transformedWeights] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        BoundKernel(
            { strata_run_winograd_weight_transform($0) },
            strata_winograd_weight_transform(
                rows: Int64(rows), columns: Int64(columns),
                kernel: UnsafePointer(memory.floats(kernel)),
                transformed_weights: memory.floats(transformedWeights)))
    }
}
