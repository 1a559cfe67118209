import ArgumentParser
import Foundation

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
              0  done                          66  a file or data set is not there
              64 wrong arguments               73  the output cannot be written
              65 a file or data is not right   130 stopped by Ctrl-C
            """,
        subcommands: [
            TrainCommand.self, EvaluateCommand.self, PredictCommand.self, SummaryCommand.self,
            LookCommand.self, RunsCommand.self, DatasetsCommand.self, PlanCommand.self,
            ConvertCommand.self, BenchmarkCommand.self,
        ])

    /// Runs the command; errors of the library end it with the codes of sysexits(3).
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard let failure = Failure(error) else { exit(withError: error) }
            fflush(nil)
            FileHandle.standardError.write(Data("Error: \(failure.message)\n".utf8))
            Foundation.exit(failure.status.rawValue)
        }
    }
}
