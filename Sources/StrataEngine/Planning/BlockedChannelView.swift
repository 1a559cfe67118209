/// A tensor in memory as [batch, blocks, positions, block], with `count` channels; further channels pad the last
/// block.
struct BlockedChannelView: Sendable {
    var batch: Int
    var blocks: Int
    var positions: Int
    var block: Int
    var count: Int

    /// `nil` for layouts of other forms.
    init?(_ layout: MemoryDescriptor) {
        let shape = layout.dims
        guard let block = layout.channelBlock, let channels = shape.last else { return nil }
        (self.block, count) = (block, channels)
        blocks = (channels + block - 1) / block
        let positions = shape.dropLast().reduce(1, *)
        // Images follow each other without a seam where no blocks come between.
        batch = blocks == 1 ? 1 : shape[0]
        self.positions = positions / batch
    }
}
