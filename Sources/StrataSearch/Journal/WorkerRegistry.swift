internal import Foundation
internal import Strata

/// The workers of a search: each holds the lock of a file of its own for as long as it lives.
final class WorkerRegistry {
    /// The name of this worker.
    let worker: String
    private let folder: String
    private let lock: FileLock

    /// Registers a worker.
    ///
    /// - Parameter folder: the folder of the locks, which exists.
    init(_ folder: String) throws(FileError) {
        self.folder = folder
        // The random part tells two workers of one process from each other, and two machines.
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        worker = "\(ProcessInfo.processInfo.processIdentifier)-\(suffix)"
        lock = try FileLock.wait(for: Self.file(folder, worker))
    }

    deinit { lock.removeFile() }

    /// Whether a worker is still alive.
    func isAlive(_ worker: String) -> Bool {
        let file = Self.file(folder, worker)
        if worker == self.worker { return true }
        guard FileContents.size(of: file) != nil else { return false }
        // A file that cannot be opened says nothing; its trial is left alone.
        guard let lock = try? FileLock.attempt(file) else { return true }
        lock.removeFile()
        return false
    }

    /// The number of workers that are alive, this one included.
    var count: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return max(
            names.filter { $0.hasSuffix(Self.suffix) }
                .count { isAlive(String($0.dropLast(Self.suffix.count))) }, 1)
    }

    private static let suffix = ".lock"

    private static func file(_ folder: String, _ worker: String) -> String {
        "\(folder)/\(worker)\(suffix)"
    }
}
