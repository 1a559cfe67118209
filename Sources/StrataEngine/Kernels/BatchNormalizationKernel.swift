internal import CKernels
internal import StrataGraph

/// Batch normalization with the batch's own statistics, and a ReLU behind it.
struct BatchNormalizationKernel: Kernel {
    var normalization: BatchNormalization
    var channels: BlockedChannelView
    var dtype: DType
    var source: Int
    var gamma: Int
    var beta: Int
    var result: Int
    var mean: Int
    var variance: Int
    var scratchpad: Int?

    var implementation: String { "strata:batchNormalization" }
    var reads: [Int] { [source, gamma, beta] }
    var writes: [Int] { [result, mean, variance] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_batch_normalization(channels, dtype, epsilon: normalization.epsilon)
        raw.has_relu = normalization.fusesReLU ? 1 : 0
        raw.source = UnsafeRawPointer(memory[source])
        raw.scale = UnsafePointer(memory.floats(gamma))
        raw.shift = UnsafePointer(memory.floats(beta))
        raw.result = memory[result]
        (raw.mean, raw.variance) = (memory.floats(mean), memory.floats(variance))
        raw.scratchpad = scratchpad.map { memory.values($0) }
        return BoundKernel({ strata_run_batch_normalization($0) }, raw)
    }
}

/// The gradient of such a normalization.
struct BatchNormalizationBackwardKernel: Kernel {
    var backward: BatchNormalizationBackward
    var channels: BlockedChannelView
    var dtype: DType
    var source: Int
    var gradient: Int
    var gamma: Int
    var mean: Int
    var variance: Int
    /// Where a ReLU is behind the normalization.
    var beta: Int?
    var sourceGradient: Int
    var gammaGradient: Int
    var betaGradient: Int
    var scratchpad: Int?

    var implementation: String { "strata:batchNormalization" }
    var reads: [Int] {
        [source, gradient, gamma, mean, variance] + [beta].compactMap(\.self)
    }
    var writes: [Int] { [sourceGradient, gammaGradient, betaGradient] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_batch_normalization(channels, dtype, epsilon: backward.epsilon)
        raw.has_relu = backward.fusesReLU ? 1 : 0
        raw.masks_by_source = backward.masksBySource ? 1 : 0
        raw.source = UnsafeRawPointer(memory[source])
        raw.gradient = UnsafeRawPointer(memory[gradient])
        raw.scale = UnsafePointer(memory.floats(gamma))
        (raw.mean, raw.variance) = (memory.floats(mean), memory.floats(variance))
        raw.shift = beta.map { UnsafePointer(memory.floats($0)) }
        raw.result = memory[sourceGradient]
        raw.scale_gradient = memory.floats(gammaGradient)
        raw.shift_gradient = memory.floats(betaGradient)
        raw.scratchpad = scratchpad.map { memory.values($0) }
        return BoundKernel({ strata_run_batch_normalization_backward($0) }, raw)
    }
}

extension BlockedChannelView {
    /// The bytes that a normalization works in.
    var normalizationScratchpad: Int {
        (2 * Int(STRATA_BATCH_NORMALIZATION_PARTITIONS) + 3) * blocks * block * 8
    }
}

extension strata_batch_normalization {
    fileprivate init(_ channels: BlockedChannelView, _ dtype: DType, epsilon: Float) {
        self.init()
        (batch, blocks) = (Int64(channels.batch), Int64(channels.blocks))
        (positions, block) = (Int64(channels.positions), Int64(channels.block))
        self.channels = Int64(channels.count)
        is_bfloat16 = dtype == .bfloat16 ? 1 : 0
        self.epsilon = epsilon
    }
}
