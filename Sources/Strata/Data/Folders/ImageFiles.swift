internal import Foundation
internal import StrataGraph
internal import Synchronization

/// A source of image files with labels, decoded on request.
final class ImageFiles: SampleSource {
    private let files: [String]
    /// One label row for each file, or none.
    private let targets: Tensor?
    private let loading: ImageLoading
    private let isStrict: Bool
    /// Files that turned out to be damaged.
    private let bad = Mutex<[Int: DataError]>([:])

    init(_ files: [String], targets: Tensor?, loading: ImageLoading, isStrict: Bool) {
        self.files = files
        self.targets = targets
        self.loading = loading
        self.isStrict = isStrict
    }

    var count: Int { files.count }

    /// The files that turned out to be damaged so far, in order, with the reasons.
    var damaged: [(path: String, error: DataError)] {
        bad.withLock { bad in bad.sorted { $0.key < $1.key }.map { (files[$0.key], $0.value) } }
    }

    func batch(of indices: [Int]) throws -> Batch {
        try checkIndices(indices)
        var used: [Int] = []
        var failure: DataError?
        let size = loading.byteCount
        let shape = [
            indices.count, loading.height, loading.width, loading.colorMode.channelCount,
        ]
        if let problem = HostMemory.problem("the batch", TensorType(Shape(shape), loading.dtype)) {
            throw DataError.invalidArgument(
                problem.sentence, fix: "use smaller batches or pictures")
        }
        let x = Tensor(shape: shape, dtype: loading.dtype) { bytes in
            do throws(DataError) {
                for (row, index) in indices.enumerated() {
                    try DataReading.checkWanted()
                    let slot = UnsafeMutableRawBufferPointer(
                        rebasing: bytes[row * size..<(row + 1) * size])
                    used.append(try load(index, into: slot))
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return Batch(x: x, y: targets?[used])
    }

    /// A file's image, or for a damaged one that of the next file, so that batches keep the size of
    /// the model's plan.
    ///
    /// - Returns: the index of the file.
    private func load(
        _ index: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(DataError) -> Int {
        for offset in 0..<files.count {
            let slot = (index + offset) % files.count
            if bad.withLock({ $0[slot] != nil }) { continue }
            do throws(DataError) {
                try loading.load(files[slot], into: target)
                return slot
            } catch {
                if isStrict { throw error }
                if bad.withLock({ $0.updateValue(error, forKey: slot) }) == nil {
                    warn("\(error); the next image replaces it")
                }
            }
        }
        throw .invalidArgument(
            "none of \(files.count) pictures can be decoded", fix: "look at the warnings above")
    }
}
