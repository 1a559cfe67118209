import ArgumentParser
import Strata

#if Server
import Foundation
import Logging
import StrataServer
import StrataStudio
import Synchronization

/// `strata serve`: serves models over HTTP and gRPC.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve models over HTTP and gRPC, with a page to look inside.",
        discussion: """
            A model is a .keras file, whose name without the extension is the model's, or a folder in a \
            repository: models/digits/1/model.keras is version 1 of digits. New files and versions are loaded \
            while the server runs, without an interruption; one that cannot be loaded leaves the old one in \
            place.

            The protocol is the Open Inference Protocol, with Triton's extensions; /metrics is for Prometheus, \
            /v2/health/live and /v2/health/ready are for probes, and / is the page.

            Only this machine can connect unless --host says otherwise; then give a token. SIGTERM and Ctrl-C \
            end the server after the answers to the requests that it has, with the exit code 0.

            EXAMPLES
              strata serve fashion.keras
              strata serve fashion.keras --studio
              strata serve models --versions latest:2 --grpc-port 8001
              strata serve models --host 0.0.0.0 --token-file token \\
                --tls-certificate server.pem --tls-key server.key
              curl http://127.0.0.1:8000/v2/models/fashion
            """)

    @Argument(help: ArgumentHelp("A .keras file, or several, or a repository.", valueName: "model"))
    var models: [String]

    @OptionGroup var address: ServeAddress

    @OptionGroup var repository: ServeRepository

    @OptionGroup var batching: ServeBatching

    @OptionGroup var threads: ThreadsOption

    @Flag(help: "Train networks from the page; at this machine alone.")
    var studio = false

    @Option(help: "The parent of the run folders that the page shows.")
    var runs: String = "runs"

    @Option(
        help: "How the log is written: text or json. (default: text)", transform: LogFormat.parse)
    var log: LogFormat = .text

    @Flag(help: "Log each request.")
    var verbose = false

    func validate() throws {
        guard !studio || HostCheck.isLoopback(address.host) else {
            throw ValidationError(
                "--studio lets everyone who can connect train networks; leave --host out.")
        }
    }

    func run() throws {
        threads.apply()
        DebugBuildNote.suppress()
        CommandLog.handler.withLock {
            $0 = ServeLog(format: log, logLevel: verbose ? .debug : .info)
        }
        let logger = Logger(label: "strata")
        var settings = try address.settings()
        settings.allowsModelControl = repository.modelControl
        settings.pollInterval = repository.pollInterval
        settings.maxConnections = OpenFiles.connections(upTo: settings.maxConnections)
        if !HostCheck.isLoopback(settings.host), settings.token == nil {
            logger.warning(
                "everyone who can reach \(settings.host) may use the server; give --token-file")
        }
        let models = try repository.open(models, batching: batching.batching, logger: logger)
        var page = Studio.Settings()
        page.host = settings.host
        page.allowsTraining = studio
        page.runs = runs
        page.maxPixels = settings.maxPixels
        let server = InferenceServer(
            models, settings: settings, routes: [PageFiles(), Studio(models, settings: page)],
            logger: logger)
        try Blocking.run {
            try await server.run { listening in
                Console.write(ServeReport(server, listening).text)
            }
        }
        logger.info("ended")
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
