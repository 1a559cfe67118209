import Foundation
import Strata

/// The folder that `strata train` fills.
struct TrainingRun {
    let recorder: RunRecorder

    /// - Parameters:
    ///   - parent: the folder of all runs.
    ///   - training: what is trained on what.
    ///   - command: what was asked for.
    ///   - seed: the one that is used.
    /// - Throws: a `FileError` where the folder cannot be made.
    init(
        in parent: String, _ training: Training, settings command: TrainCommand, seed: Int
    ) throws {
        let (data, network) = (training.dataName, training.networkName)
        let file = network.split(separator: "/").last.map(String.init) ?? network
        let folder = try RunFolder.create(
            in: parent, name: "\(data)-\(file.split(separator: ".").first ?? "model")")
        let settings: [String: JSONValue] = [
            "data": .string(data), "network": .string(network),
            "augment": .bool(command.augment), "batch_size": .integer(training.batchSize),
            "seed": .integer(seed),
            "validation_split": .number(training.validationSplit),
            "output": .string(command.output),
            "command": .string(CommandLine.arguments.joined(separator: " ")),
        ]
        recorder = RunRecorder(folder, settings: settings)
    }

    /// Adds the model, and what it takes the validation's pictures for.
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
