internal import COneDNN
internal import StrataGraph

/// The batch-blocked layout (oneDNN's `Abcd16a`): [batch / 16, spatial…, channels, 16].
extension MemoryDescriptor {
    static let batchBlock = 16

    /// The layout with the axes in the graph's order.
    static func batchBlocked(_ dims: [Int], _ dtype: DType) throws(EngineError)
        -> MemoryDescriptor
    {
        let tag = dims.count == 3 ? dnnl_Abc16a : dnnl_Abcd16a
        return try MemoryDescriptor("batch-blocked layout of \(dims)") {
            strata_md_tagged($0, Int32(dims.count), dims.map(Int64.init), dtype.oneDNN, tag)
        }
    }

    var isBatchBlocked: Bool {
        guard let loops, let last = loops.last, rank == 3 || rank == 4 else { return false }
        let images = Loop(
            axis: 0, count: MemoryDescriptor.batchBlock,
            stride: dims.dropFirst().reduce(1, *))
        return last == images && !isPadded
            && loops.dropLast().map(\.axis) == loops.dropLast().map(\.axis).sorted()
    }
}
