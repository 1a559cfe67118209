internal import Foundation

/// The cache folder of data sets.
package struct DatasetCache: Sendable {
    /// The folder itself, Keras's `datasets`.
    package let directory: String
    /// Replaces the servers of all sets: the address up to, not including, a file's name.
    let mirror: String?
    let output: ProgressOutput

    package init(directory: String, mirror: String? = nil) {
        self.init(directory: directory, mirror: mirror, output: .standardError)
    }

    init(directory: String, mirror: String?, output: ProgressOutput) {
        self.directory = directory
        self.mirror = mirror
        self.output = output
    }

    /// Keras's own cache: `$KERAS_HOME/datasets`, or `~/.keras/datasets`.
    package static var standard: DatasetCache {
        DatasetCache(directory: standardDirectory(ProcessInfo.processInfo.environment))
    }

    static func standardDirectory(_ environment: [String: String]) -> String {
        if let home = environment["KERAS_HOME"], !home.isEmpty {
            return (home as NSString).expandingTildeInPath + "/datasets"
        }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.keras/datasets"
    }

    /// The location of `path`, relative to the cache.
    func location(_ path: String) -> String { "\(directory)/\(path)" }

    /// The location of the file `path` of `set`; downloaded from `remote` if it is missing.
    func file(
        _ path: String, of set: String, from remote: RemoteFile
    ) throws(DataError) -> String {
        let location = location(path)
        if FileContents.size(of: location) != nil { return location }
        try prepare(folder: (location as NSString).deletingLastPathComponent)
        let bytes = try fetch(remote, for: location, of: set, isArchive: false)
        try DataFile.write(bytes, to: location)
        return location
    }

    /// The location of the folder `path` of `set`; if one of its files is missing, all are
    /// extracted from the archive `remote`.
    ///
    /// - Parameter sizes: the bytes of each file, by its name in the archive.
    func folder(
        _ path: String, holding sizes: [String: Int], of set: String, from remote: RemoteFile
    ) throws(DataError) -> String {
        let location = location(path)
        let isThere = sizes.keys.allSatisfy { FileContents.size(of: self.location($0)) != nil }
        if isThere { return location }
        try prepare(folder: location)
        let archive = try fetch(remote, for: location, of: set, isArchive: true)
        let files = try TarArchive.extract(sizes, from: archive, file: remote.address)
        for (name, bytes) in files {
            try DataFile.write(bytes, to: self.location(name))
        }
        return location
    }

    /// Creates the folder before the download, so that a cache that is not writable is reported at
    /// once.
    private func prepare(folder: String) throws(DataError) {
        try DataFile.makeFolder(folder)
        guard access(folder, W_OK) == 0 else {
            throw DataFile.failure("cannot be written to", folder)
        }
    }

    private func fetch(
        _ remote: RemoteFile, for location: String, of set: String, isArchive: Bool
    ) throws(DataError) -> [UInt8] {
        let source = RemoteFile(
            address: mirror.map { "\($0)/\(remote.name)" } ?? remote.address,
            byteCount: remote.byteCount, sha256: remote.sha256)
        do throws(DownloadFailure) {
            return try Download.fetch(source, output: output)
        } catch {
            throw .notAvailable(
                set: set, path: location, address: source.address, isArchive: isArchive,
                cause: error)
        }
    }
}
