import ArgumentParser
import Foundation
import Logging
import Strata
import Synchronization

@main
struct StrataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata",
        abstract: "Train, evaluate and use convolutional neural networks.",
        discussion: """
            EXAMPLES
              strata train fashion-mnist --epochs 5 --output fashion.keras
              strata evaluate fashion.keras fashion-mnist
              strata predict fashion.keras boot.png --classes fashion-mnist

            EXIT CODES
              0  success                       71  no process or server can be started
              64 invalid arguments             73  a file or folder cannot be written
              65 an invalid file or data       74  standard output cannot be written
              66 a file or data set is         130 stopped by Ctrl-C, 143 by SIGTERM,
                 missing or unreadable             129 by SIGHUP; train saves the model
                                                   before, search can be continued;
                                                   serve ends with 0
            """,
        version: "strata \(strataVersion), \(computeEngine.description.library), "
            + computeEngine.description.instructions,
        subcommands: [
            TrainCommand.self, SearchCommand.self, EvaluateCommand.self, PredictCommand.self,
            SummaryCommand.self,
            LookCommand.self, RunsCommand.self, DatasetsCommand.self, PlanCommand.self,
            ConvertCommand.self, BenchmarkCommand.self, ServeCommand.self, DoctorCommand.self,
        ])

    /// Runs the command; errors of the library end it with the codes of sysexits(3).
    static func main() {
        shareHeapArenas()
        StandardStreams.prepare()
        LoggingSystem.bootstrap { _ in CommandLog.handler.withLock { $0 } }
        do {
            try checkName(CommandLine.arguments.dropFirst())
            var command = try parseAsRoot()
            try command.run()
            try StandardStreams.finish()
        } catch {
            end(error)
        }
    }

    /// Prints the error or the requested help, and ends the process.
    private static func end(_ error: any Error) -> Never {
        if let failure = Failure(error) {
            Console.writeError("Error: \(failure.message)\n")
            Foundation.exit(failure.status.rawValue)
        }
        let (text, code) = (fullMessage(for: error), exitCode(for: error))
        guard code == .success else {
            if !text.isEmpty { Console.writeError(text + "\n") }
            Foundation.exit(code.rawValue)
        }
        Console.write(text + "\n")
        do {
            try StandardStreams.finish()
        } catch {
            end(error)
        }
        Foundation.exit(code.rawValue)
    }

    /// - Throws: a ``Failure`` if there is no command of the name.
    private static func checkName(_ arguments: ArraySlice<String>) throws {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments
        let names = configuration.subcommands.map { $0.configuration.commandName ?? "" } + ["help"]
        guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return }
        let question = Suggestion.question(word, among: names)
        throw Failure(
            "there is no command \(word), see strata --help\(question)", .usage)
    }
}
