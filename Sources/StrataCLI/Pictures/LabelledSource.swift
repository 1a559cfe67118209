import ArgumentParser
import Strata

/// A source of labelled images: a data set by name, or a folder with a folder for each class.
enum LabelledSource: ExpressibleByArgument {
    case set(DatasetInfo)
    case folder(String)

    /// Any other name should be a folder; ``PhotoFolder`` checks whether it exists.
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
