#if Server
import Foundation
import Strata

/// What tells whether a file has changed.
struct FileStamp: Hashable {
    let path: String
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int
    private let inode: UInt
    private let device: UInt

    /// - Returns: `nil` if there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = path
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        inode = UInt(status.st_ino)
        device = UInt(status.st_dev)
    }
}

/// What a repository has at a moment.
struct RepositoryScan {
    /// What there is of a version.
    enum Finding {
        case file(FileStamp)
        case predictor(Predictor)
        /// There is no file, or not yet.
        case nothing
        /// Why it cannot be loaded.
        case problem(String)
    }

    /// By name and version.
    var models: [String: [String: Finding]] = [:]
    /// What is ignored, and why.
    var notes: [String] = []
}

/// Where the models of a repository come from.
enum RepositorySource: Sendable {
    case memory([String: Predictor])
    /// Paths by name, each of version 1.
    case files([String: String])
    /// A folder `<model>/<version>/<file>.keras`.
    case folder(String)

    /// - Throws: a ``RepositoryError`` if the folder cannot be read.
    func scan() throws(RepositoryError) -> RepositoryScan {
        var scan = RepositoryScan()
        switch self {
        case .memory(let predictors):
            scan.models = predictors.mapValues { ["1": .predictor($0)] }
        case .files(let files):
            scan.models = files.mapValues { path in
                ["1": FileStamp(path).map { .file($0) } ?? .problem("its file is gone")]
            }
        case .folder(let path):
            let root = try Folder(path)
            for name in try root.names() { scan.addModel(name, in: root) }
        }
        return scan
    }
}

extension RepositoryScan {
    fileprivate mutating func addModel(_ name: String, in root: Folder) {
        guard name.allSatisfy(\.isSafeInURLs) else {
            notes.append(
                "\(name) is ignored; name a model by the letters a to z and A to Z, digits, -, _, . and ~"
            )
            return
        }
        guard let folder = root.folder(name), let versions = try? folder.names() else {
            notes.append("\(name) is ignored: it is no folder in the repository that can be read")
            return
        }
        models[name] = [:]
        for version in versions {
            guard let number = Int(version), number >= 0, String(number) == version else {
                notes.append(
                    "\(name)/\(version) is ignored; a version is a whole number up to \(Int.max), without zeros before it"
                )
                continue
            }
            models[name]?[version] = Self.finding(version, in: folder)
        }
    }

    private static func finding(_ version: String, in model: Folder) -> Finding {
        guard let folder = model.folder(version), let names = try? folder.names() else {
            return .problem("it is no folder in the repository that can be read")
        }
        let files = names.filter { $0.hasSuffix(".keras") }
        guard let file = files.first else { return .nothing }
        guard files.count == 1 else {
            return .problem("its folder has several .keras files; leave one")
        }
        guard let path = folder.path(of: file), let stamp = FileStamp(path) else {
            return .problem("\(file) is no file in the repository")
        }
        return .file(stamp)
    }
}

/// A folder of a repository.
///
/// Links are followed as long as they stay in the repository.
private struct Folder {
    private let path: String
    /// The repository's folder, without links.
    private let root: String

    init(_ path: String) throws(RepositoryError) {
        guard let real = Self.real(path) else {
            throw RepositoryError(
                "\(path) cannot be read: \(String(cString: strerror(errno))); "
                    + "give a folder of models, as in models/digits/1/model.keras")
        }
        self.path = real
        root = real
    }

    private init(path: String, root: String) {
        self.path = path
        self.root = root
    }

    /// Hidden ones left out, sorted.
    func names() throws(RepositoryError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw RepositoryError("\(path) cannot be read; check its permissions")
        }
    }

    /// - Returns: `nil` if there is none, or a link leads out of the repository.
    func folder(_ name: String) -> Folder? {
        var isFolder: ObjCBool = false
        guard let real = self.path(of: name),
            FileManager.default.fileExists(atPath: real, isDirectory: &isFolder), isFolder.boolValue
        else { return nil }
        return Folder(path: real, root: root)
    }

    /// The path without links; `nil` if it leads out of the repository.
    func path(of name: String) -> String? {
        guard let real = Self.real("\(path)/\(name)"),
            real.hasPrefix(root == "/" ? "/" : root + "/")
        else { return nil }
        return real
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

extension Character {
    /// Whether it stands for itself in the path of a URL.
    var isSafeInURLs: Bool { isASCII && (isLetter || isNumber || "-_.~".contains(self)) }
}
#endif
