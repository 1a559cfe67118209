import ArgumentParser
import Strata

#if Server
import StrataServer
import StrataStudio

/// `strata serve`: serves models over HTTP.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve models over HTTP and gRPC, with a page to look inside.")

    @Argument(help: "A .keras file, or several.")
    var models: [String]

    func run() async throws {
        let predictors = try models.map { try Predictor(contentsOf: $0) }
        let repository = ModelRepository(
            Dictionary(predictors.map { ($0.name, $0) }) { first, _ in first })
        try await InferenceServer(repository, routes: [PageFiles()]).run()
    }
}
#else
/// `strata serve` of a binary without the server.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve models over HTTP and gRPC, with a page to look inside.")

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() throws {
        throw Failure(
            "this strata was built without the server; build it with: "
                + "swift build -c release --traits Server --product strata", .usage)
    }
}
#endif
