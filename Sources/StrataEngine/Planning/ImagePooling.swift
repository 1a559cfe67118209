internal import StrataGraph

/// A pooling by our own kernels (`CKernels/pooling.c`): maxima, and averages over windows that do not overlap.
struct ImagePooling: Sendable {
    var kind: Pooling.Kind
    /// The number of [height, width, block] images; each gives [rows, columns, block].
    var images: Int
    /// The number of them in an image; 1 where a block has several images.
    var blocksPerImage: Int
    var size, output: [Int]
    var block: Int
    var window: Window
    var dtype: DType
    /// The layouts of images and pooled images, with the axes in the graph's order.
    var layouts: (image: MemoryDescriptor, pooled: MemoryDescriptor)
    /// Backward: the activation whose result was pooled, and whose gradient is computed too.
    var derivative: Activation?

    /// Windows of more pixels go too far through memory for each vector of channels; oneDNN is faster.
    private static let largestAverage = 16

    /// `nil` for poolings that are left to oneDNN.
    ///
    /// Layouts have their axes in the graph's order.
    init?(
        _ pooling: Pooling, image: MemoryDescriptor, pooled: MemoryDescriptor, dtype: DType
    ) {
        guard dtype == .float32 || dtype == .bfloat16, (3...5).contains(image.rank),
            let (blocks, block) = ImagePooling.blocks(of: image),
            let own = ImagePooling.blocks(of: pooled), own.block == block
        else { return nil }
        let window = pooling.window(over: image.dims)
        guard window.dilations.allSatisfy({ $0 == 1 }) else { return nil }
        // oneDNN's maxima propagate NaN in some implementations only; its averages in all.
        if pooling.kind == .average {
            guard image.rank < 5, zip(window.size, window.strides).allSatisfy({ $0 <= $1 }),
                window.size.reduce(1, *) <= ImagePooling.largestAverage
            else { return nil }
        }
        kind = pooling.kind
        images = blocks
        blocksPerImage = max(blocks / image.dims[0], 1)
        size = Array(image.dims[1..<image.rank - 1])
        output = Array(pooled.dims[1..<image.rank - 1])
        self.block = block
        self.window = window
        self.dtype = dtype
        layouts = (image, pooled)
    }

    /// The number of contiguous [pixels, block] in a layout.
    ///
    /// In the batch-blocked layout a block is all channels of
    /// sixteen images.
    private static func blocks(of layout: MemoryDescriptor) -> (count: Int, block: Int)? {
        let (images, channels) = (layout.dims[0], layout.dims[layout.rank - 1])
        if layout.isBatchBlocked {
            let count = MemoryDescriptor.batchBlock
            return (images / count, channels * count)
        }
        return BlockedChannelView(layout).map { (images * $0.blocks, $0.block) }
    }

    /// From this many pixels in a window on, maxima along one axis after the other are faster: k + k comparisons
    /// instead of k · k.
    private static let smallestSeparated = 16

    /// Poolings along one axis each, which give the same maxima one after the other; for small windows the pooling
    /// itself.
    var separated: [ImagePooling] {
        let axes = window.size.indices.filter { window.size[$0] > 1 || window.strides[$0] > 1 }
        guard kind == .maximum, axes.count > 1,
            window.size.reduce(1, *) >= ImagePooling.smallestSeparated
        else { return [self] }
        var shape = size
        return axes.reversed().map { axis in
            var step = self
            step.size = shape
            shape[axis] = output[axis]
            step.output = shape
            step.window = window.along(axis)
            return step
        }
    }

    /// The size of the result, in bytes.
    var resultByteCount: Int { output.reduce(images * block * dtype.byteCount, *) }

    /// The size of the indices of maxima in their windows, in bytes: one each, or four in large windows.
    var indicesByteCount: Int {
        output.reduce(images * block, *) * (window.size.reduce(1, *) > 256 ? 4 : 1)
    }
}
