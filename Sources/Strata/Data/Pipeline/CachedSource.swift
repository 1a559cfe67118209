internal import Foundation
internal import Synchronization

extension SampleSource {
    /// Caches the samples in memory.
    ///
    /// - Parameter limit: the maximum number of bytes; other samples are loaded again in each
    ///   epoch.
    public func cached(limit: Int) -> any SampleSource {
        CachedSource(base: self, store: SampleMemory(limit: limit))
    }

    /// Caches the samples in a file, for sets larger than memory.
    ///
    /// - Parameters:
    ///   - folder: the folder of the file, which has no name and vanishes with the process.
    ///   - limit: the maximum number of bytes; other samples are loaded again in each epoch.
    /// - Throws: ``DataError/unwritable(path:reason:)`` if the file cannot be created.
    public func cached(inFolder folder: String, limit: Int) throws(DataError) -> any SampleSource {
        CachedSource(base: self, store: try SampleFile(folder: folder, limit: limit))
    }
}

/// A store of samples as rows of bytes.
private protocol SampleStore: Sendable {
    var limit: Int { get }
    /// - Returns: whether the row was stored.
    func write(_ bytes: [UInt8], row: Int) -> Bool
    /// `nil` if it cannot be read back.
    func read(row: Int, byteCount: Int) -> [UInt8]?
}

/// The index of a store: its samples and their layout.
private final class CachedSource: SampleSource {
    /// The layout of every sample; samples of another layout are not cached.
    private struct Form: Hashable {
        let model: Batch
        var types: [TensorType] { model.tensors.map { $0.type(rows: 1) } }
        var byteCount: Int { model.tensors.reduce(0) { $0 + $1.byteCount } }
    }

    private let base: any SampleSource
    private let store: any SampleStore
    private let state = Mutex<(form: Form?, held: Set<Int>)>((nil, []))

    init(base: any SampleSource, store: any SampleStore) {
        self.base = base
        self.store = store
    }

    var count: Int { base.count }
    var classNames: [String] { base.classNames }

    func batch(of indices: [Int]) throws -> Batch {
        let (form, held) = state.withLock { state in
            (state.form, indices.filter(state.held.contains))
        }
        var found: [Int: [UInt8]] = [:]
        if let form {
            for index in held { found[index] = store.read(row: index, byteCount: form.byteCount) }
        }
        let missing = indices.filter { found[$0] == nil }
        guard let form, missing.count < indices.count else {
            let made = try base.batch(of: indices)
            keep(made, indices)
            return made
        }
        if !missing.isEmpty {
            let made = try base.batch(of: missing)
            keep(made, missing)
            for (row, index) in missing.enumerated() { found[index] = bytes(of: made, row: row) }
        }
        return batch(indices.compactMap { found[$0] }, form)
    }

    private func bytes(of batch: Batch, row: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.tensors.reduce(0) { $0 + $1.byteCount / max(batch.count, 1) })
        for tensor in batch.tensors {
            let length = tensor.byteCount / max(tensor.shape.first ?? 1, 1)
            tensor.withUnsafeBytes { bytes += $0[row * length..<(row + 1) * length] }
        }
        return bytes
    }

    private func keep(_ batch: Batch, _ indices: [Int]) {
        guard batch.count == indices.count else { return }
        let form = state.withLock { state in
            let form = state.form ?? Form(model: batch.replacing(batch.tensors.map { $0[0..<1] }))
            state.form = form
            return form
        }
        guard form.types == batch.tensors.map({ $0.type(rows: 1) }) else { return }
        for (row, index) in indices.enumerated() {
            let fits = state.withLock { ($0.held.count + 1) * form.byteCount <= store.limit }
            guard fits, store.write(bytes(of: batch, row: row), row: index) else { return }
            state.withLock { _ = $0.held.insert(index) }
        }
    }

    private func batch(_ rows: [[UInt8]], _ form: Form) -> Batch {
        var offset = 0
        return form.model.replacing(
            form.model.tensors.map { tensor in
                let length = tensor.byteCount
                let tensor = Tensor(
                    shape: [rows.count] + tensor.shape.dropFirst(), dtype: tensor.dtype
                ) { target in
                    for (position, row) in rows.enumerated() where row.count >= offset + length {
                        row.withUnsafeBytes { row in
                            UnsafeMutableRawBufferPointer(
                                rebasing: target[position * length..<(position + 1) * length]
                            ).copyMemory(
                                from: UnsafeRawBufferPointer(
                                    rebasing: row[offset..<offset + length]))
                        }
                    }
                }
                offset += length
                return tensor
            })
    }
}

private final class SampleMemory: SampleStore {
    let limit: Int
    private let rows = Mutex<[Int: [UInt8]]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    func write(_ bytes: [UInt8], row: Int) -> Bool {
        rows.withLock { $0[row] = bytes }
        return true
    }

    func read(row: Int, byteCount: Int) -> [UInt8]? { rows.withLock { $0[row] } }
}

private final class SampleFile: SampleStore {
    let limit: Int
    private let descriptor: Int32

    init(folder: String, limit: Int) throws(DataError) {
        try DataFile.makeFolder(folder)
        var path = Array("\(folder)/samples-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw DataFile.failure("no file can be made there", folder) }
        // Without a name it vanishes with the process, however that ends.
        unlink(path)
        self.limit = limit
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8], row: Int) -> Bool {
        pwrite(descriptor, bytes, bytes.count, off_t(row * bytes.count)) == bytes.count
    }

    func read(row: Int, byteCount: Int) -> [UInt8]? {
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            count = max(pread(descriptor, buffer.baseAddress, byteCount, off_t(row * byteCount)), 0)
            isWhole = count == byteCount
        }
        return isWhole ? bytes : nil
    }
}
