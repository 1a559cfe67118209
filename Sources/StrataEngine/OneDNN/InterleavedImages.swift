internal import COneDNN
internal import StrataGraph

/// Images of a batch sixteen by sixteen, number by number: [batch / 16, places…, channels, 16].
extension MemoryDescriptor {
    static let interleavedCount = 16

    /// The layout of images, with the axes in the graph's order.
    static func interleaved(_ dims: [Int], _ dtype: DType) throws(EngineError)
        -> MemoryDescriptor
    {
        let tag = dims.count == 3 ? dnnl_Abc16a : dnnl_Abcd16a
        return try MemoryDescriptor("interleaving images of \(dims)") {
            strata_md_tagged($0, Int32(dims.count), dims.map(Int64.init), dtype.oneDNN, tag)
        }
    }

    var isInterleaved: Bool {
        guard let loops, let last = loops.last, rank == 3 || rank == 4 else { return false }
        let images = Loop(
            axis: 0, count: MemoryDescriptor.interleavedCount,
            places: dims.dropFirst().reduce(1, *))
        return last == images && !isPadded
            && loops.dropLast().map(\.axis) == loops.dropLast().map(\.axis).sorted()
    }
}
