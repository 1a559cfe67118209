import ArgumentParser

@main
struct StrataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata",
        abstract: "Train, evaluate and use convolutional neural networks.",
        subcommands: [BenchmarkCommand.self])
}
