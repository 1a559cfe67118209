/// A histogram with equal intervals, as `tf.summary.histogram` computes it.
struct Histogram {
    private static let bucketCount = 30

    private(set) var buckets: [(start: Double, end: Double, count: Double)] = []

    /// - Parameter values: the values, of which only finite ones are counted.
    init(_ values: [Float]) {
        let finite = values.lazy.filter(\.isFinite).map { Double($0) }
        guard let least = finite.min(), let most = finite.max() else {
            buckets = Array(repeating: (0, 0, 0), count: Self.bucketCount)
            return
        }
        let width = (most - least) / Double(Self.bucketCount)
        var counts = [Double](repeating: 0, count: Self.bucketCount)
        for value in finite {
            // If all are equal, they are in the last interval.
            let index = width > 0 ? Int((value - least) / width) : Self.bucketCount - 1
            counts[min(index, Self.bucketCount - 1)] += 1
        }
        buckets = counts.enumerated().map { index, count in
            let isLast = index == Self.bucketCount - 1
            return (
                least + Double(index) * width,
                isLast ? most : least + Double(index + 1) * width, count
            )
        }
    }
}
