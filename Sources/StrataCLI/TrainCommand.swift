import ArgumentParser
import Foundation
import Strata

/// `strata train`: from a data set to a saved model.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a data set and save it.",
        discussion: """
            The last tenth of the training pictures is kept for validation, and the weights of the epoch \
            with the best validation accuracy are saved. Ctrl-C ends training early and saves them too. \
            Settings, metrics, curves and what was mistaken for what go into a folder of runs; strata \
            runs compares them.

            Without a data set it trains on Fashion-MNIST, or where that can neither be found nor \
            downloaded, on Shapes, which needs no network.

            EXAMPLES
              strata train
              strata train fashion-mnist --epochs 15 --output fashion.keras
              strata train cifar10 --model vgg --batch-size 64 --seed 1
              strata train fashion-mnist --model fashion.keras --learning-rate 0.0001
            """)

    @Argument(help: "A data set; see strata datasets.")
    var dataset: DatasetInfo?

    @Option(
        help: ArgumentHelp(
            "strided, lenet5 or vgg for a new network, or a .keras file to go on with.",
            valueName: "network"))
    var model: Network = .new(.strided)

    @Option(help: "How often all pictures are seen.")
    var epochs: Int = 15

    @Option(help: "Pictures in a step.")
    var batchSize: Int = 128

    @Option(help: "Adam's step size. (default: 0.001, or as it was in the file)")
    var learningRate: Float?

    @Option(help: "Fixes everything random; the same seed gives the same model.")
    var seed: UInt64?

    @Option(help: "Threads; the cores that the process may use if left out.")
    var threads: Int?

    @Option(help: "Where the model is saved; a file that is there is replaced.")
    var output: String = "model.keras"

    @Option(help: "Where the run's own folder is made.")
    var runs: String = "runs"

    func validate() throws {
        try OptionRange.epochs.check(epochs)
        try OptionRange.batch("--batch-size").check(batchSize)
        try OptionRange.threads.check(threads)
        guard (learningRate ?? 1).isFinite, learningRate ?? 1 > 0 else {
            throw ValidationError("--learning-rate is \(learningRate ?? 0); use more than 0.")
        }
        guard output.hasSuffix(".keras") else {
            throw ValidationError("--output is \(output); let the name end in .keras.")
        }
    }

    func run() throws {
        if let threads { setThreadCount(threads) }
        // Drawn here where none is given, so that it is known afterwards.
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        setRandomSeed(seed)
        let file = ModelFile(path: output)
        try file.checkWritable()
        let (info, data) = try load()
        let network = try model.model(for: data)
        try network.prepareForClasses(data, learningRate: learningRate)
        print(
            "Training on \(info.title): \(data.count) pictures, \(data.classNames.count) classes, "
                + "\(network.countParams()) weights, \(threadCount()) threads")
        // The progress of training does not go through print's buffer.
        fflush(nil)
        let best = EarlyStopping(
            monitor: "val_accuracy", patience: epochs, restoreBestWeights: true)
        let interruption = Interruption(stopping: network.stopRequest)
        let run = try TrainingRun(in: runs, data: info.argument, settings: self, seed: seed)
        let history = try network.fit(
            data.x, data.y, batchSize: batchSize, epochs: epochs,
            callbacks: [interruption, TerminateOnNaN(), best, run.recorder, LiveCurves()],
            validationSplit: TrainingRun.validationSplit)
        if let bad = history["loss"].firstIndex(where: { !$0.isFinite }) {
            // Without the sign that a NaN may carry.
            let value = history["loss"][bad].isNaN ? Float.nan : .infinity
            let problem = "the loss became \(value) in epoch \(bad + 1)"
            let cure = "use a smaller --learning-rate"
            guard bad > 0 else { throw Failure("\(problem), nothing was saved; \(cure)", .data) }
            FileHandle.standardError.write(Data("Warning: \(problem); \(cure)\n".utf8))
        }
        try file.save(network)
        try run.finish(network, data)
        interruption.end()
        if let accuracy = history["val_accuracy"].max() {
            print(
                "Saved \(output), the weights of epoch \(best.bestEpoch + 1), "
                    + "validation accuracy \(accuracy)")
        } else {
            print("Saved \(output) as it was when training was stopped")
        }
        print("The run is in \(run.recorder.folder.path)")
        if interruption.isRequested { throw ExitCode(130) }
    }

    /// The training pictures, of the set that was asked for or of one that is there.
    private func load() throws -> (DatasetInfo, LabelledImages) {
        if let dataset { return (dataset, try dataset.load().train) }
        do throws(DataError) {
            return (FashionMNIST.info, try FashionMNIST.load().train)
        } catch {
            switch error {
            case .notAvailable, .unwritable:
                FileHandle.standardError.write(
                    Data("\(error)\nNo data set was asked for: training on Shapes instead.\n".utf8))
                return (Shapes.info, try Shapes.load().train)
            case .corruptSet, .corruptImage, .unknownImageFormat, .unsuitableImage, .unreadable,
                .invalidArgument:
                throw error
            }
        }
    }
}
