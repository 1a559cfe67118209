import ArgumentParser
import Foundation
import Strata
import StrataVisualization

/// `strata train`: trains a model on a data set and saves it.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a data set and save it.",
        discussion: """
            The last tenth of the training images is held out for validation, and the weights of the epoch \
            with the best validation accuracy are saved. Ctrl-C ends training early and saves them too. \
            Settings, metrics, curves and predictions are written to a run folder; strata runs compares \
            runs. The state is saved there after every epoch: --resume goes on with a run that was \
            stopped or killed, to the same model.

            A folder has a subfolder of PNG and JPEG images for each class. A fifth is held out for \
            validation, unless there are the folders train and val with the class folders in them. The \
            class names are saved with the model.

            Without a data set it trains on Fashion-MNIST, or on Shapes, which needs no network, if that \
            can neither be found nor downloaded.

            In a build with MPI, the processes that mpirun starts train one model together, each on its \
            share of every batch; the first one saves and prints.

            EXAMPLES
              strata train
              strata train fashion-mnist --epochs 15 --output fashion.keras
              strata train cifar10 --model vgg --augment --epochs 30
              strata train fashion-mnist --model fashion.keras --learning-rate 0.0001
              strata train photos
              strata train --resume runs/0001-photos-photo
              mpirun -np 2 strata train fashion-mnist
            """)

    @Argument(help: "A data set (see strata datasets), or a folder of class folders.")
    var dataset: LabelledSource?

    @Option(
        help: ArgumentHelp(
            "strided, lenet5, vgg or photo for a new network, or a .keras file to train further. "
                + "(default: strided, for a folder photo)", valueName: "network"),
        transform: Network.init(parsing:))
    var model: Network?

    @Flag(
        help: ArgumentHelp(
            "Augment a data set's images by random flips and translations, for a new network; not "
                + "for digits, which change their meaning when flipped. A folder's images are "
                + "always augmented."))
    var augment = false

    @Option(
        parsing: .unconditional,
        help: "The number of epochs. (default: 15, more for a small folder)",
        transform: OptionRange.epochs.parse)
    var epochs: Int?

    @Option(
        parsing: .unconditional, help: "Images in a step. (default: 128, for a folder 16)",
        transform: OptionRange.batch.parse)
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Adam's learning rate. (default: 0.001, or that of the file)",
        transform: OptionRange.learningRate.parse)
    var learningRate: Float?

    @Option(
        parsing: .unconditional,
        help: "The random seed; the same seed gives the same model.",
        transform: OptionRange.seed.parse)
    var seed: Int?

    @OptionGroup var threads: ThreadsOption

    @Flag(
        help: "End training at the first value that is NaN or infinite, and name the layer.")
    var debugNumerics = false

    @Option(help: "The file for the model; an existing one is replaced.")
    var output: String = "model.keras"

    @Option(help: "The parent of the run folder.")
    var runs: String = "runs"

    @Option(
        help: ArgumentHelp(
            "Go on with a run that was stopped or killed, by its folder, with all its settings.",
            valueName: "run"))
    var resume: String?

    func validate() throws {
        if resume != nil {
            let isAlone =
                dataset == nil && model == nil && !augment && epochs == nil && batchSize == nil
                && learningRate == nil && seed == nil && threads.threads == nil
                && output == "model.keras" && runs == "runs"
            guard isAlone else {
                throw ValidationError(
                    "--resume takes all settings from the run; leave out the others.")
            }
        }
        if augment, case .file = model {
            throw ValidationError(
                "--augment is for a new network; the layers of a file stay as they are.")
        }
        guard output.hasSuffix(".keras") else {
            throw ValidationError("--output is \(output); let the name end in .keras.")
        }
    }

    func run() throws {
        let ranks = try Ranks()
        // The ranks have divided the cores; an option counts more.
        if resume == nil { threads.apply() }
        try ranks.together {
            guard let resume else { return try train(ranks) }
            let run = ResumableRun(folder: RunFolder(resume))
            var command = try TrainCommand.parse(ranks.agreed { try run.arguments() })
            if debugNumerics { command.debugNumerics = true }
            // Several ranks share the cores as they are now.
            if ranks.count == 1 { command.threads.apply() }
            if ranks.isFirst { print("Going on with \(resume)") }
            try command.train(ranks, resuming: run)
        }
    }

    private func train(_ ranks: Ranks, resuming resumed: ResumableRun? = nil) throws {
        DebugBuildNote.suppress()
        // Drawn here if none is given, so that it is known afterwards.
        let seed =
            try ranks.agreed {
                [String(self.seed ?? Int.random(in: 0...Int(UInt32.max)))]
            }.first.flatMap { Int($0) } ?? 0
        setRandomSeed(UInt64(seed))
        let file = ModelFile(path: output)
        if ranks.isFirst { try file.checkWritable() }
        let training =
            if case .folder(let path) = dataset {
                try folder(path, seed: UInt64(seed))
            } else {
                try set()
            }
        let network = training.network
        network.debugNumerics = debugNumerics
        try ranks.distribute(network)
        guard ranks.isFirst else { return try follow(training) }
        print(
            "Training on \(training.title), \(network.countParams()) weights, "
                + "\(threadCount()) threads\(ranks.note)")
        let best = EarlyStopping(
            monitor: "val_accuracy", patience: training.epochs, restoreBestWeights: true)
        let interruption = Interruption(stopping: network.stopRequest)
        let run = try TrainingRun(
            in: runs, training, settings: self, seed: seed, resuming: resumed?.folder)
        let resumable = resumed ?? ResumableRun(folder: run.recorder.folder)
        if resumed == nil {
            try resumable.write(
                CommandLine.arguments.dropFirst(2), seed: seed,
                threads: ranks.count == 1 ? threadCount() : nil)
        }
        let history: History
        do {
            history = try training.fit(
                [
                    interruption, TerminateOnNaN(), best, run.recorder, resumable.backup,
                    LiveCurves(),
                ])
        } catch {
            // The trained model is saved despite a full disk or an unreadable image.
            if network.history?.epoch.isEmpty == false {
                try file.save(network)
                Console.writeError("Saved \(output), as far as training went before an error\n")
            }
            throw error
        }
        try check(history)
        try file.save(network)
        report(history, bestEpoch: best.bestEpoch)
        try run.finish(training)
        interruption.end()
        print("The run is in \(run.recorder.folder.path)")
        if let code = interruption.exitCode ?? elsewhere(network) { throw ExitCode(code) }
        resumable.complete()
    }

    /// The exit code for a signal that reached another rank only.
    private func elsewhere(_ network: Model) -> Int32? {
        network.stopRequest.isInterruption ? 128 + SIGTERM : nil
    }

    /// Trains as a rank that saves and shows nothing.
    private func follow(_ training: Training) throws {
        let interruption = Interruption(stopping: training.network.stopRequest)
        _ = try training.fit([])
        // Without an exit code of its own, at which mpirun would end rank 0 while it saves.
        interruption.end()
    }

    /// - Throws: a ``Failure`` if there is nothing to save.
    private func check(_ history: History) throws {
        guard let bad = history["loss"].firstIndex(where: { !$0.isFinite }) else { return }
        // Without the sign that a NaN may carry.
        let value = history["loss"][bad].isNaN ? Float.nan : .infinity
        let problem = "the loss became \(value) in epoch \(bad + 1)"
        let cure = "use a smaller --learning-rate"
        guard bad > 0 else { throw Failure("\(problem), nothing was saved; \(cure)", .data) }
        Console.writeError("Warning: \(problem); \(cure)\n")
    }

    /// Prints the saved file; on standard error if standard output is closed.
    private func report(_ history: History, bestEpoch: Int) {
        let accuracies = history["val_accuracy"]
        let text =
            accuracies.isEmpty
            ? "Saved \(output) as it was when training was stopped\n"
            : "Saved \(output), the weights of epoch \(bestEpoch + 1), "
                + "validation accuracy \((accuracies.max() ?? .nan).metricText)\n"
        if Console.hasLostOutput { Console.writeError(text) } else { Console.write(text) }
    }
}
