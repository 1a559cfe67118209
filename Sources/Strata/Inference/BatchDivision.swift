/// Divides the samples of requests into batches of the sizes for which there are plans.
///
/// A plan for each number of samples would take memory and time to make. So there are plans for the powers of
/// two up to ``largest``. A batch is filled up with zeros to the next power if they are at most an eighth of it;
/// otherwise the next smaller power is taken first.
enum BatchDivision {
    /// Larger batches take no less time for a sample.
    static let largest = 32

    /// Samples of one request in a batch.
    struct Part: Equatable {
        var request: Int
        var rows: Range<Int>
        /// The first row in the batch.
        var first: Int
    }

    struct Batch: Equatable {
        /// Of its plan.
        var size: Int
        /// The samples in it, `size` or fewer.
        var count = 0
        var parts: [Part] = []
    }

    /// The sizes of plans for a number of samples, and how many samples are in each.
    static func sizes(_ count: Int) -> [(size: Int, count: Int)] {
        var result: [(size: Int, count: Int)] = []
        var rest = count
        while rest > 0 {
            var size = 1
            while size < min(rest, largest) { size *= 2 }
            if size > rest, rest * 8 < size * 7 { size /= 2 }
            result.append((size, min(size, rest)))
            rest -= min(size, rest)
        }
        return result
    }

    /// The sizes of the plans for a number of samples, however many they are.
    static func planSizes(_ count: Int) -> Set<Int> {
        // All but the last samples are in batches of the largest size.
        let count = count > largest ? largest + count % largest : count
        return Set(sizes(count).map(\.size))
    }

    /// - Parameter counts: the samples of each request.
    static func batches(of counts: [Int]) -> [Batch] {
        var request = 0
        var row = 0
        return sizes(counts.reduce(0, +)).map { size, count in
            var batch = Batch(size: size)
            while batch.count < count, request < counts.count {
                let taken = min(count - batch.count, counts[request] - row)
                if taken > 0 {
                    batch.parts.append(
                        Part(request: request, rows: row..<row + taken, first: batch.count))
                }
                batch.count += taken
                row += taken
                if row == counts[request] { (request, row) = (request + 1, 0) }
            }
            return batch
        }
    }
}
