internal import StrataGraph

extension MemoryDescriptor {
    /// The number of contiguous channels (the last axis) in [batch, channels / block, spatial…, block]: all of them, or
    /// those of a block; `nil` for layouts of other forms.
    var channelBlock: Int? {
        guard let loops else { return nil }
        let (dims, strides) = (dims, rowMajorStrides(dims))
        let last = dims.count - 1
        let block = loops.last { $0.axis == last }?.count ?? 1
        return [dims[last], block].filter { $0 > 0 }.first { block in
            let image = (0..<last).map {
                Loop(axis: $0, count: dims[$0], stride: strides[$0])
            }
            let blocks = Loop(axis: last, count: (dims[last] + block - 1) / block, stride: block)
            let whole = image.prefix(1) + [blocks] + image.dropFirst()
            return loops
                == (whole + [Loop(axis: last, count: block, stride: 1)]).filter { $0.count > 1 }
        }
    }
}
