internal import Foundation
internal import Synchronization

/// Pictures in files with what should come out for them, decoded when they are asked for.
final class ImageFiles: SampleSource {
    private let files: [String]
    /// One row for each file, or nothing.
    private let targets: Tensor?
    private let loading: ImageLoading
    private let isStrict: Bool
    /// Files that turned out to be damaged.
    private let bad = Mutex<Set<Int>>([])

    init(_ files: [String], targets: Tensor?, loading: ImageLoading, isStrict: Bool) {
        self.files = files
        self.targets = targets
        self.loading = loading
        self.isStrict = isStrict
    }

    var count: Int { files.count }

    func batch(of indices: [Int]) throws -> Batch {
        var used: [Int] = []
        var failure: DataError?
        let channels = loading.colorMode.channelCount
        let size = loading.height * loading.width * channels
        let x = Tensor(
            shape: [indices.count, loading.height, loading.width, channels], dtype: .float32
        ) { bytes in
            let pixels = bytes.bindMemory(to: Float.self)
            do throws(DataError) {
                for (row, index) in indices.enumerated() {
                    let (picture, found) = try picture(from: index)
                    used.append(found)
                    _ = UnsafeMutableBufferPointer(
                        rebasing: pixels[row * size..<(row + 1) * size]
                    ).update(from: picture)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return Batch(x: x, y: targets?.gathering(rows: used))
    }

    /// A file's picture, or in place of a damaged one that of the next file: so batches keep their
    /// size, for which the model's step is made.
    private func picture(from index: Int) throws(DataError) -> (pixels: [Float], index: Int) {
        for offset in 0..<files.count {
            let place = (index + offset) % files.count
            if bad.withLock({ $0.contains(place) }) { continue }
            do throws(DataError) {
                return (try loading.load(files[place]), place)
            } catch {
                if isStrict { throw error }
                if bad.withLock({ $0.insert(place).inserted }) {
                    FileHandle.standardError.write(
                        Data("Warning: \(error); the next picture is taken in its place\n".utf8))
                }
            }
        }
        throw .invalidArgument(
            "none of \(files.count) pictures can be decoded", fix: "look at the warnings above")
    }
}
