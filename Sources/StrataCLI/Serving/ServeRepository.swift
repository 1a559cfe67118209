#if Server
import ArgumentParser
import Foundation
import Logging
import Strata
import StrataServer

/// The options of `strata serve` that say which models are served.
struct ServeRepository: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The versions of each model in a repository: latest:N, all, or numbers as in 1,3. "
                + "(default: latest:1)"),
        transform: ServedVersions.parse)
    var versions: VersionPolicy?

    @Option(
        parsing: .unconditional,
        help: "Seconds between looks for new files, or 0 for none. (default: 1)",
        transform: OptionRange.poll.parse)
    var poll: Double = 1

    @Flag(help: "Let clients load and unload models.")
    var modelControl = false

    var pollInterval: Duration? { poll > 0 ? .seconds(poll) : nil }

    /// The models of the command line.
    ///
    /// - Throws: a ``Failure`` if one cannot be read.
    func open(
        _ paths: [String], batching: Batching, logger: Logger
    ) throws -> ModelRepository {
        do {
            if let folder = paths.first(where: Suggestion.isFolder) {
                guard paths.count == 1 else {
                    throw Failure(
                        "\(folder) is a folder; give one repository, or files", .usage)
                }
                return try ModelRepository(
                    folder: folder, versions: versions ?? .latest(1), batching: batching,
                    logger: logger)
            }
            guard versions == nil else {
                throw Failure("--versions is for a repository; files have one version", .usage)
            }
            for path in paths { try ModelFile(path: path).checkExists() }
            return try ModelRepository(files: paths, batching: batching, logger: logger)
        } catch let error as RepositoryError {
            throw Failure(error.description, .noInput)
        }
    }
}

/// The value of `--versions`.
enum ServedVersions {
    /// - Throws: a `ValidationError` with what is possible.
    static func parse(_ text: String) throws -> VersionPolicy {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if text == "all" { return .all }
        if parts.first == "latest" {
            if parts.count == 1 { return .latest(1) }
            if parts.count == 2, let count = Int(parts[1]), count > 0 { return .latest(count) }
        }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard numbers.allSatisfy({ number in Int(number).map { "\($0)" == number } ?? false })
        else {
            throw ValidationError("use latest, latest:2, all, or numbers as in 1,3")
        }
        return .specific(Set(numbers))
    }
}

extension OptionRange where Value == Double {
    static let poll = OptionRange(cure: "a number of seconds, 0.1 to 86400, or 0 for never") {
        $0 == 0 || (0.1...86_400).contains($0)
    }
}
#endif
