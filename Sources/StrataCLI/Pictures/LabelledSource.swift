import ArgumentParser
import Strata

/// Where pictures with their classes are: a data set with a name, or a folder of class folders.
enum LabelledSource: ExpressibleByArgument {
    case set(DatasetInfo)
    case folder(String)

    /// What is no data set should be a folder; ``PhotoFolder`` looks whether it is there.
    init(argument: String) {
        if let set = DatasetInfo(argument: argument) {
            self = .set(set)
        } else {
            let path =
                argument.count > 1 && argument.hasSuffix("/") ? argument.dropLast() : argument[...]
            self = .folder(String(path))
        }
    }

    static var allValueStrings: [String] { DatasetInfo.allValueStrings }
}
