/// The binary version of the CIFAR sets: records of one or two label bytes and 3072 values, in
/// planes of red, green and blue (Krizhevsky, cs.toronto.edu/~kriz/cifar.html).
enum CIFARFile {
    private static let plane = 32 * 32

    /// Reads files of `recordCount` records each as images `[n, 32, 32, 3]` and labels `[n, 1]`.
    ///
    /// - Parameters:
    ///   - classCounts: the number of classes of each label byte of a record.
    ///   - labelIndex: the requested label byte.
    static func read(
        _ paths: [String], recordCount: Int, classCounts: [Int], labelIndex: Int
    ) throws(DataError) -> (x: Tensor, y: Tensor) {
        let recordSize = classCounts.count + 3 * plane
        let count = paths.count * recordCount
        var pixels = [UInt8](repeating: 0, count: count * 3 * plane)
        var labels: [UInt8] = []
        labels.reserveCapacity(count)
        for (index, path) in paths.enumerated() {
            try DataReading.checkWanted()
            let bytes = try DataFile.read(path)
            guard bytes.count == recordCount * recordSize else {
                throw .corruptSet(
                    file: path,
                    problem: "it has \(bytes.count) bytes instead of "
                        + "\(recordCount * recordSize), which are \(recordCount) pictures")
            }
            for record in 0..<recordCount {
                for (position, classCount) in classCounts.enumerated() {
                    let label = bytes[record * recordSize + position]
                    guard label < classCount else {
                        throw .corruptSet(
                            file: path,
                            problem: "picture \(record) has the label \(label), "
                                + "where there are \(classCount) classes")
                    }
                    if position == labelIndex { labels.append(label) }
                }
            }
            interleave(
                bytes, recordSize: recordSize, labelSize: classCounts.count,
                into: &pixels, at: index * recordCount * 3 * plane)
        }
        return (
            Tensor(pixels, shape: [count, 32, 32, 3]), Tensor(labels, shape: [count, 1])
        )
    }

    /// Interleaves each record's three planes, channels last.
    private static func interleave(
        _ bytes: [UInt8], recordSize: Int, labelSize: Int, into pixels: inout [UInt8], at start: Int
    ) {
        bytes.withUnsafeBufferPointer { source in
            pixels.withUnsafeMutableBufferPointer { destination in
                var next = start
                for record in stride(from: labelSize, to: source.count, by: recordSize) {
                    for position in record..<record + plane {
                        destination[next] = source[position]
                        destination[next + 1] = source[position + plane]
                        destination[next + 2] = source[position + 2 * plane]
                        next += 3
                    }
                }
            }
        }
    }
}
