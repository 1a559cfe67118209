internal import COneDNN
internal import StrataGraph

/// The layout of a tensor in memory.
///
/// The axes are those of the graph's value, or a split of them with the same row-major order. Grouped and flattened
/// weights need that, because the blocks of their primitives cannot be described in the value's axes.
package struct MemoryDescriptor: Sendable {
    /// oneDNN's descriptor, which is immutable.
    private final class Owner: @unchecked Sendable {
        let raw: strata_md

        init(_ raw: strata_md) { self.raw = raw }

        deinit { strata_md_free(raw) }
    }

    private let owner: Owner

    /// Takes the descriptor that `make` creates.
    init(
        _ what: @autoclosure () -> String,
        _ make: (UnsafeMutablePointer<strata_md?>) -> dnnl_status_t
    ) throws(EngineError) {
        var raw: strata_md?
        try check(make(&raw), what())
        guard let raw else { throw EngineError("\(what()): oneDNN made no description") }
        owner = Owner(raw)
    }

    /// Calls a function with oneDNN's descriptors, which stay valid until it returns.
    static func withRaw<R>(_ descriptors: [MemoryDescriptor?], _ body: ([strata_md?]) -> R) -> R {
        withExtendedLifetime(descriptors) { body(descriptors.map { $0?.owner.raw }) }
    }

    private func withRaw<R>(_ body: (strata_md) -> R) -> R {
        withExtendedLifetime(owner) { body(owner.raw) }
    }

    /// Row-major.
    static func plain(_ dims: [Int], _ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        let dims = dims.isEmpty ? [1] : dims
        let strides = rowMajorStrides(dims.map { max($0, 1) })
        return try MemoryDescriptor("describing a tensor of \(dims)") {
            strata_md_strided(
                $0, Int32(dims.count), dims.map(Int64.init), dtype.oneDNN, strides.map(Int64.init))
        }
    }

    /// The layout that the primitive chooses.
    static func any(_ dims: [Int], _ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        try MemoryDescriptor("describing a tensor of \(dims)") {
            strata_md_tagged(
                $0, Int32(dims.count), dims.map(Int64.init), dtype.oneDNN, dnnl_format_tag_any)
        }
    }

    /// The same memory with other names for its axes: axis i is axis `order[i]` of this.
    func permuted(_ order: [Int]) throws(EngineError) -> MemoryDescriptor {
        var inverse = [Int32](repeating: 0, count: order.count)
        for (position, axis) in order.enumerated() { inverse[axis] = Int32(position) }
        return try MemoryDescriptor("permuting axes") { made in
            withRaw { strata_md_permuted(made, $0, inverse) }
        }
    }

    /// One of `count` equal partitions of the first axis, if they are contiguous.
    func part(of count: Int) throws(EngineError) -> MemoryDescriptor? {
        let dims = dims
        guard dims[0] % count == 0, loops?.first?.axis == 0 else { return nil }
        let part = [dims[0] / count] + dims.dropFirst()
        return try MemoryDescriptor("dividing a tensor of \(dims)") { made in
            withRaw { strata_md_part(made, $0, part.map(Int64.init)) }
        }
    }

    /// The same order of elements of another type.
    ///
    /// oneDNN 3 makes blocks by the names that layouts have in its own order of axes.
    func with(_ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        if type == dtype.oneDNN { return self }
        var orders = [Array(0..<rank), imageOrder(rank)]
        if rank > 1 { orders.append(kernelOrder(rank)) }
        if rank > 2 { orders.append(groupedKernelOrder(rank)) }
        for order in orders {
            let named = try permuted(order)
            let made = try? MemoryDescriptor("retyping") { made in
                named.withRaw { strata_md_retyped(made, $0, dtype.oneDNN) }
            }
            if let made { return try made.permuted(inverse(order)) }
        }
        throw EngineError("oneDNN has no name for the layout \(self)")
    }

    var rank: Int { withRaw { Int(strata_md_rank($0)) } }

    var dims: [Int] {
        withRaw { raw in (0..<strata_md_rank(raw)).map { Int(strata_md_dim(raw, $0)) } }
    }

    package var byteCount: Int { withRaw { dnnl_memory_desc_get_size($0) } }

    private var type: dnnl_data_type_t { withRaw { strata_md_type($0) } }

    var isFloat32: Bool { type == dnnl_f32 }

    /// Whether the layout is known to oneDNN alone, such as that of Winograd weights.
    var isOpaque: Bool { withRaw { strata_md_block_count($0) < 0 } }

    var isPadded: Bool { withRaw { strata_md_is_padded($0) != 0 } }

    /// The inner blocks, outermost first; `nil` for an opaque layout.
    private var blocks: [(size: Int, axis: Int)]? {
        withRaw { raw in
            let count = strata_md_block_count(raw)
            if count < 0 { return nil }
            return (0..<count).map {
                (Int(strata_md_block(raw, $0)), Int(strata_md_block_axis(raw, $0)))
            }
        }
    }

    private func stride(_ axis: Int) -> Int { withRaw { Int(strata_md_stride($0, Int32(axis))) } }

    /// One of the loops that an axis is split into: its length, and its stride in memory.
    private typealias Level = (count: Int, stride: Int)

    /// The loops of each axis, the outermost first; `nil` where memory has an order that loops cannot tell.
    private var levels: [[Level]]? {
        guard let blocks else { return nil }
        var levels: [[Level]] = dims.map { _ in [] }
        var size = 1
        for block in blocks.reversed() {
            levels[block.axis].insert((block.size, size), at: 0)
            size *= block.size
        }
        for axis in levels.indices {
            let inside = levels[axis].reduce(1) { $0 * $1.count }
            let count = withRaw { Int(strata_md_padded_dim($0, Int32(axis))) } / inside
            levels[axis].insert((count, stride(axis)), at: 0)
        }
        return levels
    }

    /// A loop along an axis: its length, and its stride in the row-major order.
    struct Loop: Equatable {
        var axis: Int
        var count: Int
        var stride: Int
    }

    /// The loops that go through memory in order, the outermost first.
    ///
    /// `nil` where memory has gaps, or an order that is not one of loops.
    var loops: [Loop]? {
        guard let levels else { return nil }
        var all: [(loop: Loop, stride: Int)] = []
        for (axis, var rowMajorStride) in rowMajorStrides(dims).enumerated() {
            for level in levels[axis].reversed() {
                all.append(
                    (Loop(axis: axis, count: level.count, stride: rowMajorStride), level.stride))
                rowMajorStride *= level.count
            }
        }
        all = all.filter { $0.loop.count > 1 }.sorted { $0.stride > $1.stride }
        var stride = 1
        for (loop, ownStride) in all.reversed() {
            if ownStride != stride { return nil }
            stride *= loop.count
        }
        return all.map(\.loop)
    }

    func isSame(as other: MemoryDescriptor) -> Bool {
        withRaw { ours in other.withRaw { strata_md_same(ours, $0) != 0 } }
    }

    /// Whether each element has the same offset, though the layouts may have other names: a single block of all 16
    /// channels is row-major.
    func hasSameBytes(as other: MemoryDescriptor) -> Bool {
        if isSame(as: other) { return true }
        guard type == other.type, dims == other.dims, !isPadded,
            !other.isPadded, let ours = loops, let theirs = other.loops
        else { return false }
        return ours == theirs
    }
}

extension MemoryDescriptor: CustomStringConvertible {
    /// oneDNN's notation of a layout: `aBcd16b` is blocked by 16 along the second axis.
    package var description: String {
        guard let blocks else { return "opaque" }
        let letter = { (axis: Int) in String(UnicodeScalar(UInt8(97 + axis))) }
        let outer = (0..<rank).sorted { a, b in
            stride(a) != stride(b) ? stride(a) > stride(b) : a < b
        }
        let names = outer.map { axis in
            blocks.contains { $0.axis == axis } ? letter(axis).uppercased() : letter(axis)
        }
        return names.joined() + blocks.map { "\($0.size)\(letter($0.axis))" }.joined()
    }
}

extension DType {
    var oneDNN: dnnl_data_type_t {
        switch self {
        case .float32: dnnl_f32
        case .bfloat16: dnnl_bf16
        case .int32: dnnl_s32
        case .uint8, .bool: dnnl_u8
        }
    }
}
