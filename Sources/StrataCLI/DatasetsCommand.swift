public import ArgumentParser
public import Strata

/// `strata datasets`: lists data sets.
struct DatasetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets",
        abstract: "List the data sets and their state in the cache.",
        discussion: """
            A set is downloaded on first use, to Keras's cache: $KERAS_HOME/datasets, or \
            ~/.keras/datasets.

            EXAMPLES
              strata datasets
              KERAS_HOME=/data/keras strata datasets
            """)

    func run() {
        let names = DatasetInfo.all.map(\.argument)
        let width = names.map(\.count).max() ?? 0
        for set in DatasetInfo.all {
            let indent = String(repeating: " ", count: width - set.argument.count)
            print("\(set.argument)\(indent)  \(set.title): \(set.summary)")
            print(String(repeating: " ", count: width + 2) + set.whereabouts)
        }
    }
}

extension DatasetInfo {
    /// The name on the command line.
    var argument: String { String(name.map { $0 == "_" ? "-" : $0 }) }

    fileprivate var whereabouts: String {
        guard let location else { return "drawn when it is used, needs no network" }
        guard isCached else { return "not downloaded; would be at \(location)" }
        let megabytes = (Double(cachedByteCount) / 1e5).rounded() / 10
        return "\(megabytes) MB at \(location)"
    }
}

extension DatasetInfo: ExpressibleByArgument {
    public init?(argument: String) {
        guard let set = DatasetInfo.named(argument) else { return nil }
        self = set
    }

    public var defaultValueDescription: String { argument }

    public static var allValueStrings: [String] { all.map(\.argument) }
}
