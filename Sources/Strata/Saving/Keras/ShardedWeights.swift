internal import Foundation

/// Sharded weights: several files and an index.
///
/// `big.weights.json` lists, for each group of variables, the files beside it that hold some of
/// them: `big_00000.weights.h5`, `big_00001.weights.h5`, …, each of the layout of a weights file.
/// Source: Keras 3.15.1, `saving_lib.ShardedH5IOStore`.
enum ShardedWeights {
    /// The suffix of index files.
    static let ending = ".weights.json"

    private static let weightMap = "weight_map"

    // MARK: Writing

    /// A variable and its group.
    fileprivate struct Entry {
        let path: [String]
        let key: String
        let tensor: Tensor
        let attributes: [String: String]
    }

    /// Writes the files, and finally the index.
    ///
    /// The index decides which files count, so that a failure at any moment leaves the old weights or
    /// the new ones. Where the old index lists files of the new names, the new ones are written under
    /// others first.
    ///
    /// - Parameter maxByteCount: the maximum size of the values in one file.
    static func write(
        _ root: HDF5Group, to path: String, maxByteCount: Int
    ) throws(FileError) {
        let shards = try shards(root, maxByteCount)
        let old = try listed(at: path)
        let name = fileName(path).dropLast(ending.utf8.count)
        let numbers = shards.indices.map { "\(name)_" + "\(100_000 + $0)".dropFirst() }
        let files = numbers.map { $0 + ".weights.h5" }
        var spare: [String] = []
        if old.isDisjoint(with: files) {
            try write(shards, as: files, to: path)
        } else {
            spare = numbers.map { $0 + ".new.weights.h5" }
            try write(shards, as: spare, to: path)
            try rename(spare, of: shards, to: files, at: path)
        }
        remove(old.union(spare).filter { $0.hasPrefix(name + "_") }, except: files, at: path)
    }

    /// Writes files that no index lists, and their index.
    private static func write(
        _ shards: [[Entry]], as files: [String], to path: String
    ) throws(FileError) {
        do throws(FileError) {
            for (shard, file) in zip(shards, files) {
                var group = HDF5Group()
                for entry in shard { group.insert(entry) }
                try locating(in: file) { () throws(FileError) in
                    try FileContents.write(
                        HDF5File.image(of: group), to: folder(of: path) + file)
                }
            }
            try FileContents.write(index(of: shards, as: files), to: path)
        } catch {
            // The failure may have come after the index was replaced.
            if let listed = try? listed(at: path) { remove(files, except: listed, at: path) }
            throw error
        }
    }

    /// Gives new files that the index lists the names that Keras expects, which always opens the first.
    private static func rename(
        _ spare: [String], of shards: [[Entry]], to files: [String], at path: String
    ) throws(FileError) {
        let folder = folder(of: path)
        do throws(FileError) {
            for (new, file) in zip(spare, files) {
                try locating(in: file) { () throws(FileError) in
                    try FileContents.keep(folder + new, as: folder + file)
                }
            }
            try FileContents.write(index(of: shards, as: files), to: path)
        } catch {
            if let listed = try? listed(at: path) { remove(spare, except: listed, at: path) }
            throw error
        }
    }

    private static func remove(
        _ files: some Sequence<String>, except kept: some Sequence<String>, at path: String
    ) {
        for file in Set(files).subtracting(kept) { unlink(folder(of: path) + file) }
    }

    private static func index(of shards: [[Entry]], as files: [String]) -> [UInt8] {
        var map: [String: JSONValue] = [:]
        var total = 0
        for (shard, file) in zip(shards, files) {
            for entry in shard {
                total += entry.tensor.byteCount
                let path = "/" + entry.path.joined(separator: "/")
                map[path] = listed(file, after: map[path])
            }
        }
        let list: JSONValue = [
            "metadata": ["total_size": .number(Double(total))], weightMap: .object(map),
        ]
        return Array(list.text.utf8)
    }

    /// The files that the index at `path` lists; none if there is no index yet, or a damaged one.
    private static func listed(at path: String) throws(FileError) -> Set<String> {
        guard let list = try FileContents.readIfPresent(path),
            case .object(let map)? = (try? JSONValue(inFile: list))?[weightMap]
        else { return [] }
        return (try? files(map)) ?? []
    }

    /// The folder's path, with a slash at its end if it is not empty.
    private static func folder(of path: String) -> String {
        String(path.dropLast(fileName(path).utf8.count))
    }

    private static func fileName(_ path: String) -> Substring {
        path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    }

    /// One file is named by its name, several by a list of them.
    private static func listed(_ file: String, after known: JSONValue?) -> JSONValue {
        if case .string(let first)? = known, first != file {
            [.string(first), .string(file)]
        } else if case .array(let files)? = known, files.last != .string(file) {
            .array(files + [.string(file)])
        } else {
            known ?? .string(file)
        }
    }

    private static func shards(
        _ root: HDF5Group, _ maxByteCount: Int
    ) throws(FileError) -> [[Entry]] {
        var shards: [[Entry]] = [[]]
        var byteCount = 0
        for entry in entries(root, at: []) {
            guard entry.tensor.byteCount <= maxByteCount else {
                throw FileError(
                    "a weight has \(entry.tensor.byteCount) bytes, but a file may have "
                        + "\(maxByteCount)",
                    location: [(entry.path + [entry.key]).joined(separator: "/")],
                    fix: "make maxShardSize larger")
            }
            byteCount += entry.tensor.byteCount
            if byteCount > maxByteCount {
                shards.append([])
                byteCount = entry.tensor.byteCount
            }
            shards[shards.count - 1].append(entry)
        }
        return shards
    }

    private static func entries(_ group: HDF5Group, at path: [String]) -> [Entry] {
        let own = group.numberedTensors.enumerated().map { index, tensor in
            Entry(path: path, key: "\(index)", tensor: tensor, attributes: group.attributes)
        }
        return own
            + group.groups.sorted { $0.key < $1.key }
            .flatMap { entries($0.value, at: path + [$0.key]) }
    }

    // MARK: Reading

    /// The groups of all files of an index.
    ///
    /// - Parameters:
    ///   - list: the text of the index.
    ///   - path: the path of the index; the files are beside it.
    static func read(_ list: [UInt8], at path: String) throws(FileError) -> HDF5Group {
        guard case .object(let map)? = try JSONValue(inFile: list)[weightMap] else {
            throw FileError("it lists no files with weights", location: [weightMap])
        }
        let folder = folder(of: path)
        var root = HDF5Group()
        for file in try files(map).sorted() {
            let group = try locating(in: file) { () throws(FileError) in
                try HDF5File.read(FileContents.read(folder + file))
            }
            try locating(in: file) { () throws(FileError) in try root.merge(group) }
        }
        return root
    }

    private static func files(_ map: [String: JSONValue]) throws(FileError) -> Set<String> {
        var files: Set<String> = []
        for (path, value) in map {
            let names: [JSONValue] = if case .array(let names) = value { names } else { [value] }
            for name in names {
                // An index must not refer to other folders.
                guard case .string(let file) = name, file.hasSuffix(".weights.h5"),
                    !file.contains("/")
                else {
                    throw FileError(
                        "the name of a file beside this one is expected here",
                        location: [weightMap, path])
                }
                files.insert(file)
            }
        }
        return files
    }
}

extension HDF5Group {
    fileprivate mutating func insert(_ entry: ShardedWeights.Entry) {
        insert(entry, at: entry.path[...])
    }

    private mutating func insert(_ entry: ShardedWeights.Entry, at path: ArraySlice<String>) {
        guard let first = path.first else {
            attributes = entry.attributes
            tensors[entry.key] = entry.tensor
            return
        }
        groups[first, default: HDF5Group()].insert(entry, at: path.dropFirst())
    }

    /// Adds the values of another file to the same groups.
    fileprivate mutating func merge(_ other: HDF5Group) throws(FileError) {
        attributes.merge(other.attributes) { own, _ in own }
        for (name, tensor) in other.tensors where tensors.updateValue(tensor, forKey: name) != nil {
            throw FileError("another file has this weight too", location: [name])
        }
        for (name, group) in other.groups {
            try locating(in: name) { () throws(FileError) in
                try groups[name, default: HDF5Group()].merge(group)
            }
        }
    }
}
