import ArgumentParser
import Strata

/// What `--classes` says the classes are called: a data set's names, or names between commas.
struct ClassNames: ExpressibleByArgument {
    let names: [String]

    init?(argument: String) {
        names =
            DatasetInfo.named(argument)?.classNames
            ?? argument.split(separator: ",").map { String($0) }
        if names.isEmpty { return nil }
    }
}
