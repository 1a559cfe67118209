// What Swift's plans say, as the arguments of the loops in C.
internal import CKernels
internal import StrataGraph

/// Fills one of C's fixed arrays of axes.
func copyAxes<Axes>(_ values: [Int], to axes: inout Axes) {
    withUnsafeMutableBytes(of: &axes) { bytes in
        let places = bytes.bindMemory(to: Int64.self)
        for (index, value) in values.prefix(places.count).enumerated() {
            places[index] = Int64(value)
        }
    }
}

/// As many axes as a loop has: an image in one dimension is one of a single row.
private func axes(_ count: Int, _ values: some Collection<Int>, _ first: Int) -> [Int] {
    Array(repeating: first, count: count - values.count) + values
}

private func two(_ values: some Collection<Int>, _ first: Int) -> [Int] {
    axes(2, values, first)
}

extension ck_interleaved {
    init(_ convolution: InterleavedConvolution) {
        self.init()
        let size = two(convolution.image.dropFirst().dropLast(), 1)
        let output = two(convolution.output.dropFirst().dropLast(), 1)
        let kernel = convolution.kernel
        blocks = Int64(convolution.image[0] / MemoryDescriptor.interleavedCount)
        (height, width) = (Int64(size[0]), Int64(size[1]))
        (rows, columns) = (Int64(output[0]), Int64(output[1]))
        (channels, filters) = (Int64(kernel[kernel.count - 2]), Int64(kernel[kernel.count - 1]))
        copyAxes(two(kernel.dropLast(2), 1), to: &self.kernel)
        copyAxes(two(convolution.strides, 1), to: &strides)
        copyAxes(two(convolution.low, 0), to: &low)
        activation = convolution.activation.opcode
    }
}

extension ck_windows {
    init(_ products: WindowProducts, windows: UnsafePointer<ck_window_run>) {
        self.init()
        images = Int64(products.places[0])
        (rows, columns) = (Int64(products.places[1]), Int64(products.places[2]))
        (height, width) = (Int64(products.size[0]), Int64(products.size[1]))
        copyAxes(products.strides, to: &strides)
        copyAxes(products.low, to: &low)
        has_edges = products.hasEdges ? 1 : 0
        copyAxes(products.steps, to: &steps)
        (runs, run) = (Int64(products.windows.count), Int64(products.run))
        filters = Int64(products.filters)
        activation = products.activation.opcode
        self.windows = windows
    }
}

extension Activation? {
    /// The opcode of the programs, as our own loops take it.
    var opcode: Int32 {
        let opcode: ck_opcode =
            switch self {
            case .relu: ck_relu
            case .tanh: ck_tanh
            case .sigmoid: ck_sigmoid
            case nil: ck_copy
            }
        return Int32(opcode.rawValue)
    }
}

extension ck_pooling {
    init(
        _ pooling: ImagePooling, image: UnsafeMutableRawPointer, pooled: UnsafeMutableRawPointer,
        places: UnsafeMutableRawPointer?
    ) {
        self.init()
        let window = pooling.window
        let (size, output) = (axes(3, pooling.size, 1), axes(3, pooling.output, 1))
        (images, block) = (Int64(pooling.images), Int64(pooling.block))
        blocks = Int64(pooling.blocksPerImage)
        (depth, height, width) = (Int64(size[0]), Int64(size[1]), Int64(size[2]))
        (planes, rows, columns) = (Int64(output[0]), Int64(output[1]), Int64(output[2]))
        copyAxes(axes(3, window.size, 1), to: &self.window)
        copyAxes(axes(3, window.strides, 1), to: &strides)
        let lows = pooling.size.indices.map {
            window.margins($0, length: pooling.size[$0]).low
        }
        copyAxes(axes(3, lows, 0), to: &low)
        is_maximum = pooling.kind == .maximum ? 1 : 0
        is_bfloat16 = pooling.dtype == .bfloat16 ? 1 : 0
        is_tanh = pooling.derivative == .tanh ? 1 : 0
        (self.image, self.pooled) = (image, pooled)
        self.places = places
    }
}

extension ck_normalization {
    init(_ channels: Channels, _ dtype: DType, epsilon: Float) {
        self.init()
        (batch, blocks) = (Int64(channels.batch), Int64(channels.blocks))
        (positions, block) = (Int64(channels.positions), Int64(channels.block))
        self.channels = Int64(channels.count)
        is_bfloat16 = dtype == .bfloat16 ? 1 : 0
        self.epsilon = epsilon
    }
}

extension Reduction.Kind {
    var raw: ck_reduction_kind {
        switch self {
        case .sum: ck_sum
        case .mean: ck_mean
        case .maximum: ck_reduce_maximum
        case .minimum: ck_reduce_minimum
        case .product: ck_product
        }
    }
}

extension Resampling.Fill {
    var raw: ck_fill {
        switch self {
        case .constant: ck_fill_constant
        case .nearest: ck_fill_nearest
        case .wrap: ck_fill_wrap
        case .reflect: ck_fill_reflect
        case .mirror: ck_fill_mirror
        }
    }
}

extension ck_instruction {
    init(_ instruction: ElementwiseProgram.Instruction) {
        let operands = instruction.operands.map(Int32.init) + [0, 0, 0]
        self.init(
            opcode: Int32(instruction.opcode.rawValue),
            destination: Int32(instruction.destination), a: operands[0], b: operands[1],
            c: operands[2], rate: instruction.rate, key: instruction.key)
    }
}

extension ck_slot {
    init(_ slot: ElementwiseProgram.Slot, _ memory: [UnsafeMutableRawPointer]) {
        self.init()
        is_output = slot.isOutput ? 1 : 0
        type = Int32(slot.dtype.kernelType.rawValue)
        switch slot.kind {
        case .temporary:
            kind = Int32(ck_slot_temporary.rawValue)
        case .full(let buffer):
            kind = Int32(ck_slot_full.rawValue)
            self.memory = memory[buffer]
        case .scalar(let buffer):
            kind = Int32(ck_slot_scalar.rawValue)
            self.memory = memory[buffer]
        case .immediate(let number):
            kind = Int32(ck_slot_immediate.rawValue)
            immediate = number
        case .broadcast(let buffer, let loops):
            kind = Int32(ck_slot_broadcast.rawValue)
            self.memory = memory[buffer]
            rank = Int32(loops.count)
            copyAxes(loops.map(\.count), to: &dims)
            copyAxes(loops.map(\.stride), to: &strides)
        }
    }
}

extension DType {
    fileprivate var kernelType: ck_type {
        switch self {
        case .float32: ck_float32
        case .bfloat16: ck_bfloat16
        case .int32: ck_int32
        case .uint8, .bool: ck_uint8
        }
    }
}
