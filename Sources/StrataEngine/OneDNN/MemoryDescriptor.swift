internal import COneDNN
internal import StrataGraph

/// Where the elements of a tensor lie in memory.
///
/// The axes are those of the graph's value, or a split of them: laid out plainly, the descriptor's
/// axes give the same bytes as the value's. Grouped and flattened weights need that, because the
/// blocks that their primitives like cannot be told in the value's own axes.
package struct MemoryDescriptor: @unchecked Sendable {
    var raw: strata_md

    init(raw: strata_md) {
        self.raw = raw
    }

    /// Row-major.
    static func plain(_ dims: [Int], _ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        let dims = dims.isEmpty ? [1] : dims
        var strides = Array(repeating: 1, count: dims.count)
        for axis in stride(from: dims.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(dims[axis + 1], 1)
        }
        var raw = strata_md()
        try check(
            strata_md_strided(
                &raw, Int32(dims.count), dims.map(Int64.init), dtype.oneDNN,
                strides.map(Int64.init)),
            "describing a tensor of \(dims)")
        return MemoryDescriptor(raw: raw)
    }

    /// Whatever the primitive likes best.
    static func any(_ dims: [Int], _ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        var raw = strata_md()
        try check(
            strata_md_any(&raw, Int32(dims.count), dims.map(Int64.init), dtype.oneDNN),
            "describing a tensor of \(dims)")
        return MemoryDescriptor(raw: raw)
    }

    /// The same memory with other names for its axes: axis i is axis `order[i]` of this.
    func permuted(_ order: [Int]) throws(EngineError) -> MemoryDescriptor {
        var result = strata_md()
        var inverse = [Int32](repeating: 0, count: order.count)
        for (position, axis) in order.enumerated() { inverse[axis] = Int32(position) }
        var raw = raw
        try check(strata_md_permuted(&result, &raw, inverse), "permuting axes")
        return MemoryDescriptor(raw: result)
    }

    var rank: Int {
        var raw = raw
        return Int(strata_md_rank(&raw))
    }

    var dims: [Int] {
        var raw = raw
        return (0..<strata_md_rank(&raw)).map { Int(strata_md_dim(&raw, $0)) }
    }

    package var byteCount: Int {
        var raw = raw
        return strata_md_size(&raw)
    }

    /// The same order of elements of another type.
    func with(_ dtype: DType) -> MemoryDescriptor {
        var result = raw
        strata_md_set_type(&result, dtype.oneDNN)
        return MemoryDescriptor(raw: result)
    }

    var isFloat32: Bool {
        var raw = raw
        return strata_md_type(&raw) == dnnl_f32
    }

    /// Whether only oneDNN knows where the elements lie, transformed perhaps.
    var isOpaque: Bool {
        var raw = raw
        return strata_md_block_count(&raw) < 0
    }

    var isPadded: Bool {
        var raw = raw
        return strata_md_is_padded(&raw) != 0
    }

    /// One of the loops that an axis is split into: how often it turns, and how many elements of memory
    /// it goes on by.
    private typealias Level = (count: Int, stride: Int)

    /// The loops of each axis, the outermost first; `nil` where memory has an order that loops cannot tell.
    private var levels: [[Level]]? {
        var raw = raw
        let blockCount = strata_md_block_count(&raw)
        guard blockCount >= 0 else { return nil }
        var levels: [[Level]] = dims.map { _ in [] }
        var size = 1
        for block in (0..<blockCount).reversed() {
            let count = Int(strata_md_block(&raw, block))
            levels[Int(strata_md_block_axis(&raw, block))].insert((count, size), at: 0)
            size *= count
        }
        for axis in levels.indices {
            let blocks = levels[axis].reduce(1) { $0 * $1.count }
            let count = Int(strata_md_padded_dim(&raw, Int32(axis))) / blocks
            levels[axis].insert((count, Int(strata_md_stride(&raw, Int32(axis)))), at: 0)
        }
        return levels
    }

    /// A loop along an axis: how often it turns, and how many places of the row-major order it goes on by.
    struct Loop: Equatable {
        var axis: Int
        var count: Int
        var places: Int
    }

    /// The loops that go through memory in order, the outermost first.
    ///
    /// `nil` where memory has gaps, or an order that loops cannot tell.
    var loops: [Loop]? {
        guard let levels else { return nil }
        var all: [(loop: Loop, stride: Int)] = []
        for (axis, var places) in rowMajorStrides(dims).enumerated() {
            for level in levels[axis].reversed() {
                all.append((Loop(axis: axis, count: level.count, places: places), level.stride))
                places *= level.count
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
        var (a, b) = (raw, other.raw)
        return strata_md_same(&a, &b) != 0
    }

    /// Whether each element lies in the same place, though the layouts may have other names: a single
    /// block of all 16 channels is row-major.
    func hasSameBytes(as other: MemoryDescriptor) -> Bool {
        if isSame(as: other) { return true }
        var (a, b) = (raw, other.raw)
        guard strata_md_type(&a) == strata_md_type(&b), dims == other.dims, !isPadded,
            !other.isPadded, let ours = loops, let theirs = other.loops
        else { return false }
        return ours == theirs
    }
}

extension MemoryDescriptor: CustomStringConvertible {
    /// oneDNN's way to write a layout: `aBcd16b` is blocked by 16 along the second axis.
    package var description: String {
        var raw = raw
        let rank = strata_md_rank(&raw)
        let count = strata_md_block_count(&raw)
        if count < 0 { return "opaque" }
        let letter = { (axis: Int) in String(UnicodeScalar(UInt8(97 + axis))) }
        let blocks = (0..<count).map { block in
            (size: strata_md_block(&raw, block), axis: Int(strata_md_block_axis(&raw, block)))
        }
        let outer = (0..<Int(rank)).sorted {
            let (a, b) = (strata_md_stride(&raw, Int32($0)), strata_md_stride(&raw, Int32($1)))
            return a != b ? a > b : $0 < $1
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
