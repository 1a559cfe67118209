extension ImageDataset {
    /// Images in memory: the first whole batches that reach a number.
    package func first(_ count: Int) throws -> LabelledImages {
        var batches = batches(inEpoch: 0)
        var (x, y): ([Tensor], [Int32]) = ([], [])
        while y.count < count, let batch = try batches.next() {
            x.append(batch.x[0])
            y += batch.y[0].integers.map { Int32(clamping: $0) }
        }
        if x.isEmpty {
            throw DataError.invalidArgument(
                "the folder has no pictures to measure with", fix: "hold more of them out")
        }
        return try LabelledImages(x: Tensor.concatenated(x), y: Tensor(y), classNames: classNames)
    }
}
