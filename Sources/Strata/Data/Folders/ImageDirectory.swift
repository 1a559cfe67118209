internal import Foundation

/// The contents of an image folder, found without decoding.
struct ImageDirectory {
    /// The paths of PNG and JPEG files, class by class, sorted within each.
    private(set) var files: [String] = []
    /// The class of each file; empty without labels.
    private(set) var classes: [Int] = []
    private(set) var classNames: [String] = []
    /// The files that were left out, each with a reason.
    private(set) var problems: [String] = []
    private let root: String
    private let followsLinks: Bool

    /// - Parameters:
    ///   - root: the folder.
    ///   - hasClasses: whether each subfolder is a class.
    ///   - names: the classes in order; the sorted subfolders if left out.
    init(
        _ root: String, hasClasses: Bool, names: [String]?, followsLinks: Bool
    ) throws(DataError) {
        self.root = root
        self.followsLinks = followsLinks
        let entries = try Self.entries(root)
        guard hasClasses else {
            try find(in: root, class: nil)
            return
        }
        let folders = entries.filter { Self.isFolder("\(root)/\($0)") }
        if let names, Set(names) != Set(folders) {
            throw .invalidArgument(
                "classNames are \(names), but the folders in \(root) are \(folders)",
                fix: "name each folder once")
        }
        guard !folders.isEmpty else {
            throw .invalidArgument(
                "\(root) has no folders, of which each would be a class",
                fix: "put the pictures of each class into a folder of its own")
        }
        classNames = names ?? folders
        for (number, name) in classNames.enumerated() {
            let before = files.count
            try find(in: "\(root)/\(name)", class: number)
            if files.count == before { problems.append("class \(name): there are no images in it") }
        }
    }

    /// The sorted names in a folder, without hidden ones.
    private static func entries(_ folder: String) throws(DataError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }.sorted {
                    Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
                }
        } catch {
            throw .unreadable(file: folder, reason: "no folder can be listed there")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }

    /// Files first, then subfolders, each sorted.
    ///
    /// Links may form cycles, so they are followed no deeper than paths can be.
    private mutating func find(in folder: String, class number: Int?) throws(DataError) {
        let paths = try Self.entries(folder).map { "\(folder)/\($0)" }
        for path in paths where !Self.isFolder(path) { try look(at: path, number) }
        for path in paths where Self.isFolder(path) {
            if Self.isLink(path), !followsLinks { continue }
            do throws(DataError) {
                try find(in: path, class: number)
            } catch {
                guard case .unreadable = error else { throw error }
                problems.append("\(name(path)): it cannot be listed")
            }
        }
    }

    private mutating func look(at path: String, _ number: Int?) throws(DataError) {
        try DataReading.checkWanted()
        do throws(DataError) {
            let start = try DataFile.start(of: path, count: 16)
            guard ImageDecoder.Format(start) != nil else {
                problems.append("\(name(path)): \(ImageDecoder.guess(start))")
                return
            }
            files.append(path)
            if let number { classes.append(number) }
        } catch {
            guard case .unreadable(_, let reason) = error else { return }
            problems.append("\(name(path)): it cannot be read (\(reason))")
        }
    }

    /// A path relative to the folder.
    func name(_ path: String) -> String {
        let folder = (root + "/").utf8
        guard path.utf8.starts(with: folder) else { return path }
        return String(path.utf8.dropFirst(folder.count)) ?? path
    }
}
