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

    /// What to say where the names are not as many as the model's classes.
    func mismatch(_ count: Int) -> String {
        // A single name is rather a data set's, with a slip in it.
        if names.count == 1 {
            let question = Suggestion.question(names[0], among: DatasetInfo.all.map(\.argument))
            return
                "--classes is \(names[0]), which is no data set; give one, or the names of the "
                + "model's \(count) classes between commas\(question)"
        }
        return "--classes has \(names.count) names, but the model tells \(count) classes apart"
    }
}
