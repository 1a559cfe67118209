import ArgumentParser
import Foundation
import Strata
import StrataSearch

/// `strata search`: searches for the hyperparameters with which a network learns a data set best.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search for the network and the hyperparameters that learn a data set best.",
        discussion: """
            Each trial draws a network from a space of CNNs (blocks of convolutions with pooling or strides, \
            filters, kernel sizes, dropout, batch normalization, dense layers) and how to train it (optimizer, \
            learning rate, schedule, batch size, augmentation). The last tenth of the training images \
            compares them; of a folder it is a fifth, or its folder val. The test images are looked at once, \
            at the end, with the best model.

            Hyperband trains many networks for a few epochs and the best of them for longer; what it tries \
            next follows from what was good before (TPE). Without --trials, --total-epochs or --time it \
            ends after one pass, random and tpe after 10 trials, grid after all combinations.

            Everything is in the folder: a search that was stopped or killed goes on when the same command is \
            given again, and a larger budget continues one that is over. Further processes may join with the \
            same command, also from other machines that share the folder.

            A file for --space replaces hyperparameters, by name; a plain value fixes one:
              {"kernel_size": {"type": "choice", "values": [3, 5]},
               "filters": {"type": "int", "min_value": 16, "max_value": 64, "step": 16},
               "learning_rate": {"type": "float", "min_value": 1e-4, "max_value": 1e-2,
                                 "sampling": "log"},
               "optimizer": "adam"}

            EXAMPLES
              strata search fashion-mnist --time 20m
              strata search cifar10 --trials 30 --epochs 20 --output cifar.keras
              strata search photos --algorithm random --time 1h30m
            """)

    @Argument(help: "A data set (see strata datasets), or a folder of class folders.")
    var dataset: LabelledSource

    @Option(
        help: "random, grid, tpe or hyperband. (default: hyperband)",
        transform: AlgorithmName.parse)
    var algorithm: SearchAlgorithm?

    @Option(
        parsing: .unconditional, help: "The largest number of trials.",
        transform: OptionRange.epochs.parse)
    var trials: Int?

    @Option(
        parsing: .unconditional, help: "The largest number of epochs of all trials together.",
        transform: OptionRange.epochs.parse)
    var totalEpochs: Int?

    @Option(
        parsing: .unconditional, help: "The longest time: 90s, 20m, 1h30m.",
        transform: SearchTime.parse)
    var time: Duration?

    @Option(
        parsing: .unconditional, help: "The largest number of epochs of a trial. (default: 15)",
        transform: OptionRange.epochs.parse)
    var epochs: Int = 15

    @Option(help: "The quantity to improve: val_accuracy, val_loss.")
    var objective: String = "val_accuracy"

    @Option(help: "A JSON file with hyperparameters that replace those of the same name.")
    var space: String?

    @Option(
        parsing: .unconditional,
        help: "The random seed; the same seed gives the same search. (default: a random one)",
        transform: OptionRange.seed.parse)
    var seed: Int?

    @Option(help: "The folder of the search.")
    var folder: String = "search"

    @Option(
        parsing: .unconditional,
        help: "The number of processes, which share the threads. (default: 1)",
        transform: OptionRange.threads.parse)
    var workers: Int = 1

    @OptionGroup var threads: ThreadsOption

    @Option(help: "The file for the best model; an existing one is replaced.")
    var output: String = "model.keras"

    /// The index of this process among the workers; the process without one starts the others.
    @Option(help: .hidden)
    var worker: Int?

    func validate() throws {
        guard output.hasSuffix(".keras") else {
            throw ValidationError("--output is \(output); let the name end in .keras.")
        }
        guard !folder.isEmpty else {
            throw ValidationError("--folder is empty; name a folder.")
        }
    }

    func run() throws {
        DebugBuildNote.suppress()
        threads.apply()
        if let worker { return try work(worker) }
        try ModelFile(path: output).checkWritable()
        // Errors of the data or the space are told before anything is started.
        let task = try SearchTask(self)
        let journal = SearchFolder(path: folder).journal
        Console.write(task.title + "\n")
        if FileContents.size(of: journal) ?? 0 > 0 {
            let known = try SearchResults(folder: folder)
            let count = known.trials.count
            Console.write("Continuing in \(folder), after \(count) trial\(count == 1 ? "" : "s")\n")
        }
        let processes = SearchProcesses(
            journal: journal, arguments: Array(CommandLine.arguments.dropFirst()))
        let code = try processes.run(workers)
        // An error was told by the process; a signal leaves results to be shown.
        if let code, code < 128 || FileContents.size(of: journal) == nil { throw ExitCode(code) }
        try SearchReport(folder: folder, task: task, output: output).show(isOver: code == nil)
        if let code { throw ExitCode(code) }
    }

    /// Works at the search, as one of the processes that were started for it.
    private func work(_ index: Int) throws {
        ChildProcess.endWithParent()
        let task = try SearchTask(self)
        let search = HyperparameterSearch(
            task.hyperModel, in: folder, algorithm: algorithm, objective: objective,
            seed: seed.map(UInt64.init), space: task.space,
            settings: ["data": .string(task.dataName)])
        search.expectedWorkers = workers
        let interruption = Interruption(stopping: search.stopRequest, saving: "the search")
        try task.run(
            search, epochs: epochs,
            SearchBudget(trials: trials, epochs: totalEpochs, wallTime: time))
        interruption.end()
        if let code = interruption.exitCode { throw ExitCode(code) }
    }
}

/// The names of algorithms on the command line.
enum AlgorithmName {
    static func parse(_ text: String) throws -> SearchAlgorithm {
        do {
            return try SearchAlgorithm(named: text)
        } catch {
            let question = Suggestion.question(text, among: SearchAlgorithm.names)
            throw ValidationError("\(error.fix)\(question)")
        }
    }
}
