internal import StrataGraph

extension MemoryDescriptor {
    /// How many channels (the last axis) lie side by side in [batch, channels / block, places…, block]: all of
    /// them or one of the layout's blocks; `nil` for layouts of other forms.
    var channelBlock: Int? {
        guard let loops else { return nil }
        let (dims, strides) = (dims, rowMajorStrides(dims))
        let last = dims.count - 1
        let block = loops.last { $0.axis == last }?.count ?? 1
        return [dims[last], block].first { block in
            let image = (0..<last).map {
                Loop(axis: $0, count: dims[$0], places: strides[$0])
            }
            let blocks = Loop(axis: last, count: (dims[last] + block - 1) / block, places: block)
            let whole = image.prefix(1) + [blocks] + image.dropFirst()
            return loops
                == (whole + [Loop(axis: last, count: block, places: 1)]).filter { $0.count > 1 }
        }
    }
}
