import Foundation
import Strata
import StrataVisualization

/// The run folder of `strata train`.
struct TrainingRun {
    let recorder: RunRecorder

    /// - Parameters:
    ///   - parent: the folder of all runs.
    ///   - training: the training.
    ///   - command: the command's arguments.
    ///   - seed: the random seed.
    ///   - resumed: the folder of the run that is continued; a new one is created if left out.
    /// - Throws: a `FileError` if the folder cannot be created.
    init(
        in parent: String, _ training: Training, settings command: TrainCommand, seed: Int,
        resuming resumed: RunFolder? = nil
    ) throws {
        let (data, network) = (training.dataName, training.networkName)
        let file = network.split(separator: "/").last.map(String.init) ?? network
        let folder =
            try resumed
            ?? .create(in: parent, name: "\(data)-\(file.split(separator: ".").first ?? "model")")
        let earlier = resumed.flatMap {
            try? JSONValue(inFile: FileContents.read($0.file("settings.json")))
        }
        let settings: [String: JSONValue] = [
            "data": .string(data), "network": .string(network),
            "augment": .bool(command.augment), "batch_size": .integer(training.batchSize),
            "seed": .integer(seed),
            "validation_split": .number(training.validationSplit),
            "output": .string(command.output),
            "command": earlier?["command"]
                ?? .string(CommandLine.arguments.joined(separator: " ")),
        ]
        recorder = RunRecorder(folder, settings: settings)
    }

    /// Adds the model, and its predictions for the validation images.
    func finish(_ training: Training) throws {
        guard let predictions = try recorder.finish(training.network, on: training.heldOut())
        else { return }
        guard Terminal.standardOutput.isTerminal else { return }
        print(predictions.confusionMatrix.report)
        for pair in predictions.confusionMatrix.confusions(3) {
            let names = predictions.confusionMatrix.classNames
            print("\(pair.count) × \(names[pair.label]) taken for \(names[pair.prediction])")
        }
    }
}
