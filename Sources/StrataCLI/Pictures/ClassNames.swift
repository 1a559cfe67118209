import ArgumentParser
import Strata

/// The value of `--classes`: a data set, or names separated by commas.
struct ClassNames: ExpressibleByArgument {
    let names: [String]

    init?(argument: String) {
        names =
            DatasetInfo.named(argument)?.classNames
            ?? argument.split(separator: ",").map { String($0) }
        if names.isEmpty { return nil }
    }

    /// The message if the number of names does not match the model's classes.
    func mismatch(_ count: Int) -> String {
        // A single name is probably a misspelled data set.
        if names.count == 1 {
            let question = Suggestion.question(names[0], among: DatasetInfo.all.map(\.argument))
            return
                "--classes is \(names[0]), which is no data set; give one, or the names of the "
                + "model's \(count) classes between commas\(question)"
        }
        return "--classes has \(names.count) names, but the model tells \(count) classes apart"
    }
}
