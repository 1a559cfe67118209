#if Server
import HTTPTypes
import Foundation
import Strata
import StrataVisualization

/// The run folders of `strata train` and of the studio.
struct RunStore: Sendable {
    /// The folder of all runs.
    let parent: String

    var exists: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// The folder of a run.
    ///
    /// - Throws: a ``StudioError`` if the name is not that of a run directly in the folder of runs.
    func folder(_ name: String) throws(StudioError) -> RunFolder {
        let isPlain =
            !name.isEmpty && !name.hasPrefix(".") && !name.contains { "/\\\0".contains($0) }
        let folder = RunFolder("\(parent)/\(name)")
        // Neither a link out of the folder of runs nor another folder is a run.
        guard isPlain, Self.isRealFolder(folder.path),
            FileContents.size(of: folder.file("settings.json")) != nil
        else {
            throw StudioError(.notFound, "there is no run \(name); see the list of runs")
        }
        return folder
    }

    private static func isRealFolder(_ path: String) -> Bool {
        let type =
            (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
        return type == .typeDirectory
    }

    func record(_ name: String) throws -> RunRecord { try RunRecord(try folder(name)) }

    func all() -> [RunRecord] { exists ? RunRecord.all(in: parent) : [] }
}
#endif
