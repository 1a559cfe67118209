internal import CKernels
internal import StrataGraph

/// Max pooling, and average pooling with windows that do not overlap, over channels side by side.
struct PoolingKernel: Kernel {
    var pooling: ImagePooling
    var image: Int
    /// Multiplied by each channel before it is pooled, and added to it.
    var scale: Int?
    var shift: Int?
    var pooled: Int
    /// Of maxima: their index within their windows, for the gradient.
    var argmaxIndices: Int?

    var implementation: String { "strata:pooling" }
    var reads: [Int] { [image] + [scale, shift].compactMap(\.self) }
    var writes: [Int] { [pooled] + [argmaxIndices].compactMap(\.self) }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_pooling(pooling)
        (raw.image, raw.pooled) = (memory[image], memory[pooled])
        raw.argmax_indices = argmaxIndices.map { memory[$0] }
        raw.scale = scale.map { UnsafePointer(memory.floats($0)) }
        raw.shift = shift.map { UnsafePointer(memory.floats($0)) }
        return BoundKernel({ strata_run_pooling($0) }, raw)
    }
}

/// The gradient of such a pooling, and of an activation before it.
struct PoolingBackwardKernel: Kernel {
    var pooling: ImagePooling
    var pooledGradient: Int
    var argmaxIndices: Int?
    /// The activation's result, which was pooled.
    var activated: Int?
    var imageGradient: Int

    var implementation: String { "strata:pooling" }
    var reads: [Int] { [pooledGradient] + [argmaxIndices, activated].compactMap(\.self) }
    var writes: [Int] { [imageGradient] }

    func bind(to memory: KernelMemory) -> BoundKernel {
        var raw = strata_pooling(pooling)
        (raw.image, raw.pooled) = (memory[imageGradient], memory[pooledGradient])
        raw.argmax_indices = argmaxIndices.map { memory[$0] }
        raw.activated = activated.map { UnsafeRawPointer(memory[$0]) }
        return BoundKernel({ strata_run_pooling_backward($0) }, raw)
    }
}

extension strata_pooling {
    fileprivate init(_ pooling: ImagePooling) {
        self.init()
        let window = pooling.window
        let size = axes(3, pooling.size, first: 1)
        let output = axes(3, pooling.output, first: 1)
        (images, block) = (Int64(pooling.images), Int64(pooling.block))
        blocks = Int64(pooling.blocksPerImage)
        (depth, height, width) = (Int64(size[0]), Int64(size[1]), Int64(size[2]))
        (planes, rows, columns) = (Int64(output[0]), Int64(output[1]), Int64(output[2]))
        copyAxes(axes(3, window.size, first: 1), to: &self.window)
        copyAxes(axes(3, window.strides, first: 1), to: &strides)
        let lows = pooling.size.indices.map {
            window.edgePadding($0, length: pooling.size[$0]).before
        }
        copyAxes(axes(3, lows, first: 0), to: &padding_before)
        is_maximum = pooling.kind == .maximum ? 1 : 0
        is_bfloat16 = pooling.dtype == .bfloat16 ? 1 : 0
        is_tanh = pooling.derivative == .tanh ? 1 : 0
    }
}
