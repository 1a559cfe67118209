internal import CKernels
internal import StrataGraph

/// A loop of `CKernels` with its arguments in C's form.
final class BoundKernel {
    let function: @convention(c) (UnsafeRawPointer?) -> Int32
    let argument: UnsafeRawPointer
    private let owned: [UnsafeMutableRawPointer]

    init(_ step: Plan.Step, _ memory: [UnsafeMutableRawPointer]) {
        var owned: [UnsafeMutableRawPointer] = []
        func keep<T>(_ value: T) -> UnsafeRawPointer {
            let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
            pointer.initialize(to: value)
            owned.append(UnsafeMutableRawPointer(pointer))
            return UnsafeRawPointer(pointer)
        }
        func keep<T>(all values: [T]) -> UnsafePointer<T> {
            let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
            pointer.initialize(from: values, count: values.count)
            owned.append(UnsafeMutableRawPointer(pointer))
            return UnsafePointer(pointer)
        }
        func floats(_ buffer: Int) -> UnsafeMutablePointer<Float> {
            memory[buffer].assumingMemoryBound(to: Float.self)
        }
        func integers(_ buffer: Int) -> UnsafeMutablePointer<Int32> {
            memory[buffer].assumingMemoryBound(to: Int32.self)
        }
        switch step.kind {
        case .primitive, .primitives:
            // Bound by BoundPrimitive.
            function = { _ in 1 }
            argument = keep(0)
        case .program(let program):
            function = { ck_run_program($0) }
            var raw = ck_program()
            raw.count = Int64(program.count)
            raw.loop_count = Int32(program.loops.count)
            copyAxes(program.loops.map(\.count), to: &raw.loop_counts)
            copyAxes(program.loops.map(\.places), to: &raw.loop_places)
            raw.instruction_count = Int32(program.instructions.count)
            raw.instructions = keep(all: program.instructions.map(ck_instruction.init))
            raw.slot_count = Int32(program.slots.count)
            raw.slots = keep(all: program.slots.map { ck_slot($0, memory) })
            argument = keep(raw)
        case .reduction(let kind, let outer, let length, let inner):
            function = { ck_run_reduction($0) }
            argument = keep(
                ck_reduction(
                    kind: Int32(kind.raw.rawValue), outer: Int64(outer), length: Int64(length),
                    inner: Int64(inner), source: floats(step.reads[0]),
                    destination: floats(step.writes[0])))
        case .argMax(let outer, let length, let inner):
            function = { ck_run_arg_max($0) }
            argument = keep(
                ck_arg_max(
                    outer: Int64(outer), length: Int64(length), inner: Int64(inner),
                    source: floats(step.reads[0]), destination: integers(step.writes[0])))
        case .softmax(let isLogarithm, let outer, let length, let inner):
            function = { ck_run_softmax($0) }
            argument = keep(
                ck_softmax(
                    outer: Int64(outer), length: Int64(length), inner: Int64(inner),
                    is_logarithm: isLogarithm ? 1 : 0, source: floats(step.reads[0]),
                    destination: floats(step.writes[0])))
        case .oneHot(let count, let depth):
            function = { ck_run_one_hot($0) }
            argument = keep(
                ck_one_hot(
                    count: Int64(count), depth: Int64(depth), source: integers(step.reads[0]),
                    destination: floats(step.writes[0])))
        case .gather(let rows, let count, let rowByteCount):
            function = { ck_run_gather($0) }
            argument = keep(
                ck_gather(
                    rows: Int64(rows), count: Int64(count), row_size: Int64(rowByteCount),
                    source: UnsafePointer(
                        memory[step.reads[0]].assumingMemoryBound(to: CChar.self)),
                    indices: integers(step.reads[1]),
                    destination: memory[step.writes[0]].assumingMemoryBound(to: CChar.self)))
        case .scatterAdd(let rows, let count, let width):
            function = { ck_run_scatter_add($0) }
            argument = keep(
                ck_scatter_add(
                    rows: Int64(rows), count: Int64(count), width: Int64(width),
                    source: floats(step.reads[0]), indices: integers(step.reads[1]),
                    destination: floats(step.writes[0])))
        case .inTopK(let rows, let classes, let k):
            function = { ck_run_in_top_k($0) }
            argument = keep(
                ck_in_top_k(
                    rows: Int64(rows), classes: Int64(classes), k: Int64(k),
                    predictions: floats(step.reads[0]), targets: integers(step.reads[1]),
                    destination: floats(step.writes[0])))
        case .copy(let copy):
            function = { ck_run_strided_copy($0) }
            var raw = ck_strided_copy()
            let isScalar = copy.dims.isEmpty
            raw.rank = Int32(isScalar ? 1 : copy.dims.count)
            raw.element_size = Int32(copy.elementSize)
            if let fill = copy.fill {
                raw.has_fill = 1
                raw.fill = fill.value
                raw.fill_count = Int64(fill.count)
            }
            copyAxes(isScalar ? [1] : copy.dims, to: &raw.dims)
            copyAxes(copy.sourceStrides, to: &raw.source_strides)
            copyAxes(copy.destinationStrides, to: &raw.destination_strides)
            raw.source = UnsafePointer(memory[step.reads[0]].assumingMemoryBound(to: CChar.self))
            raw.destination = memory[step.writes[0]].assumingMemoryBound(to: CChar.self)
            raw.source_offset = Int64(copy.sourceOffset)
            raw.destination_offset = Int64(copy.destinationOffset)
            argument = keep(raw)
        case .resampling(let resampling, let source, let destination, let isBackward):
            function =
                isBackward ? { ck_run_resampling_backward($0) } : { ck_run_resampling($0) }
            let images = isBackward ? step.writes[0] : step.reads[0]
            let moved = isBackward ? step.reads[0] : step.writes[0]
            argument = keep(
                ck_resampling(
                    is_linear: resampling.isLinear ? 1 : 0,
                    fill: Int32(resampling.fill.raw.rawValue), fill_value: resampling.fillValue,
                    batch: Int64(source[0]), height: Int64(source[1]), width: Int64(source[2]),
                    channels: Int64(source[3]), new_height: Int64(destination[1]),
                    new_width: Int64(destination[2]), images: floats(images),
                    places: floats(step.reads[1]), moved: floats(moved)))
        case .equalization(let count, let channels, let bins):
            function = { ck_run_equalization($0) }
            argument = keep(
                ck_equalization(
                    count: Int64(count), channels: Int64(channels), bins: Int64(bins),
                    source: floats(step.reads[0]), destination: floats(step.writes[0]),
                    counts: integers(step.writes[1])))
        case .patches(let patches):
            function = { ck_run_patches($0) }
            var raw = ck_patches()
            (raw.batch, raw.height) = (Int64(patches.image[0]), Int64(patches.image[1]))
            (raw.width, raw.channels) = (Int64(patches.image[2]), Int64(patches.image[3]))
            raw.block = Int64(patches.block)
            (raw.rows, raw.columns) = (Int64(patches.output[1]), Int64(patches.output[2]))
            let window = patches.window
            copyAxes(window.size, to: &raw.kernel)
            copyAxes(window.strides, to: &raw.strides)
            copyAxes(window.dilations, to: &raw.dilations)
            copyAxes(
                (0..<2).map { window.margins($0, length: patches.image[$0 + 1]).low },
                to: &raw.low)
            raw.element_size = Int32(patches.dtype.byteCount)
            raw.image = UnsafePointer(memory[step.reads[0]].assumingMemoryBound(to: CChar.self))
            raw.patches = memory[step.writes[0]].assumingMemoryBound(to: CChar.self)
            argument = keep(raw)
        case .patchSums(let sums):
            function = { ck_run_patch_sums($0) }
            let (rows, columns) = (sums.taps(along: 0), sums.taps(along: 1))
            argument = keep(
                ck_patch_sums(
                    batch: Int64(sums.image[0]), height: Int64(sums.image[1]),
                    width: Int64(sums.image[2]), channels: Int64(sums.image[3]),
                    block: Int64(sums.block),
                    patches_size: Int64(sums.rows.count / sums.image[0] * sums.rows.width),
                    is_bfloat16: sums.dtype == .bfloat16 ? 1 : 0,
                    row_starts: keep(all: rows.starts.map(Int64.init)),
                    row_taps: keep(all: rows.taps.map(Int64.init)),
                    column_starts: keep(all: columns.starts.map(Int64.init)),
                    column_taps: keep(all: columns.taps.map(Int64.init)),
                    patches: UnsafePointer(floats(step.reads[0])), image: memory[step.writes[0]]))
        case .windows(let products):
            function = { ck_run_windows($0) }
            var raw = ck_windows(products, windows: keep(all: products.windows))
            raw.image = UnsafePointer(floats(step.reads[0]))
            raw.weights = UnsafePointer(floats(step.reads[1]))
            if step.reads.count > (step.accumulator == nil ? 2 : 3) {
                raw.bias = UnsafePointer(floats(step.reads[2]))
            }
            raw.result = floats(step.writes[0])
            raw.adds = step.accumulator == nil ? 0 : 1
            argument = keep(raw)
        case .interleaved(let convolution):
            function = { ck_run_interleaved($0) }
            var raw = ck_interleaved(convolution)
            raw.image = UnsafePointer(floats(step.reads[0]))
            raw.weights = UnsafePointer(floats(step.reads[1]))
            if step.reads.count > 2 { raw.bias = UnsafePointer(floats(step.reads[2])) }
            raw.result = floats(step.writes[0])
            argument = keep(raw)
        case .interleavedGradient(let convolution, let parts):
            function = { ck_run_interleaved_gradient($0) }
            var raw = ck_interleaved(convolution)
            raw.image = UnsafePointer(floats(step.reads[0]))
            raw.result = floats(step.reads[1])
            raw.parts = Int64(parts)
            raw.room = step.scratchpad.map { floats($0) }
            raw.weights_gradient = floats(step.writes[0])
            if step.writes.count > 1 { raw.bias_gradient = floats(step.writes[1]) }
            argument = keep(raw)
        case .winogradFactors(let rows, let columns):
            function = { ck_run_winograd_factors($0) }
            argument = keep(
                ck_winograd_factors(
                    rows: Int64(rows), columns: Int64(columns),
                    kernel: UnsafePointer(floats(step.reads[0])),
                    factors: floats(step.writes[0])))
        case .winograd(let convolution):
            var raw = convolution.raw
            raw.room = step.scratchpad.map { floats($0) }
            let (first, second) = (floats(step.reads[0]), floats(step.reads[1]))
            switch convolution.pass {
            case .forward:
                function = { ck_run_winograd($0) }
                (raw.image, raw.factors) = (UnsafePointer(first), UnsafePointer(second))
                if step.reads.count > 2 { raw.bias = UnsafePointer(floats(step.reads[2])) }
                raw.result = floats(step.writes[0])
            case .imageGradient:
                function = { ck_run_winograd_image_gradient($0) }
                (raw.result, raw.factors) = (first, UnsafePointer(second))
                raw.image_gradient = floats(step.writes[0])
            case .kernelGradient:
                function = { ck_run_winograd_kernel_gradient($0) }
                (raw.image, raw.result) = (UnsafePointer(first), second)
                raw.kernel_gradient = floats(step.writes[0])
                if step.writes.count > 1 { raw.bias_gradient = floats(step.writes[1]) }
            }
            argument = keep(raw)
        case .pooling(let pooling):
            function = { ck_run_pooling($0) }
            let places = step.writes.count > 1 ? memory[step.writes[1]] : nil
            var raw = ck_pooling(
                pooling, image: memory[step.reads[0]], pooled: memory[step.writes[0]],
                places: places)
            if step.reads.count > 1 {
                (raw.scale, raw.shift) = (
                    UnsafePointer(floats(step.reads[1])), UnsafePointer(floats(step.reads[2]))
                )
            }
            argument = keep(raw)
        case .poolingBackward(let pooling):
            function = { ck_run_pooling_backward($0) }
            let places = pooling.kind == .maximum ? memory[step.reads[1]] : nil
            var raw = ck_pooling(
                pooling, image: memory[step.writes[0]], pooled: memory[step.reads[0]],
                places: places)
            if pooling.derivative != nil, let activated = step.reads.last {
                raw.activated = UnsafeRawPointer(memory[activated])
            }
            argument = keep(raw)
        case .normalization(let normalization, let channels, let dtype):
            function = { ck_run_normalization($0) }
            var raw = ck_normalization(channels, dtype, epsilon: normalization.epsilon)
            raw.rectifies = normalization.rectifies ? 1 : 0
            raw.source = UnsafeRawPointer(memory[step.reads[0]])
            (raw.scale, raw.shift) = (
                UnsafePointer(floats(step.reads[1])), UnsafePointer(floats(step.reads[2]))
            )
            raw.result = memory[step.writes[0]]
            (raw.mean, raw.variance) = (floats(step.writes[1]), floats(step.writes[2]))
            raw.room = step.scratchpad.map { memory[$0].assumingMemoryBound(to: Double.self) }
            argument = keep(raw)
        case .normalizationBackward(let backward, let channels, let dtype):
            function = { ck_run_normalization_backward($0) }
            var raw = ck_normalization(channels, dtype, epsilon: backward.epsilon)
            raw.rectifies = backward.rectifies ? 1 : 0
            raw.masks_by_source = backward.masksBySource ? 1 : 0
            raw.source = UnsafeRawPointer(memory[step.reads[0]])
            raw.gradient = UnsafeRawPointer(memory[step.reads[1]])
            raw.scale = UnsafePointer(floats(step.reads[2]))
            (raw.mean, raw.variance) = (floats(step.reads[3]), floats(step.reads[4]))
            if backward.rectifies { raw.shift = UnsafePointer(floats(step.reads[5])) }
            raw.result = memory[step.writes[0]]
            raw.scale_gradient = floats(step.writes[1])
            raw.shift_gradient = floats(step.writes[2])
            raw.room = step.scratchpad.map { memory[$0].assumingMemoryBound(to: Double.self) }
            argument = keep(raw)
        }
        self.owned = owned
    }

    deinit {
        owned.forEach { $0.deallocate() }
    }
}
