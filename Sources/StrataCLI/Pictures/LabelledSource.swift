import ArgumentParser
import Foundation
import Strata

/// Where pictures with their classes are: a data set with a name, or a folder of class folders.
enum LabelledSource: ExpressibleByArgument {
    case set(DatasetInfo)
    case folder(String)

    init?(argument: String) {
        var isFolder: ObjCBool = false
        if let set = DatasetInfo(argument: argument) {
            self = .set(set)
        } else if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder),
            isFolder.boolValue
        {
            let path =
                argument.count > 1 && argument.hasSuffix("/") ? argument.dropLast() : argument[...]
            self = .folder(String(path))
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { DatasetInfo.allValueStrings }
}
