import Foundation
import Strata

/// The folder that `strata train` fills.
struct TrainingRun {
    /// Of the training pictures at the end.
    static let validationSplit: Float = 0.1

    let recorder: RunRecorder

    /// - Parameters:
    ///   - parent: the folder of all runs.
    ///   - data: the data set's name.
    ///   - command: what was asked for.
    ///   - seed: the one that is used.
    /// - Throws: a ``Failure`` where the folder cannot be made.
    init(in parent: String, data: String, settings command: TrainCommand, seed: UInt64) throws {
        let network = command.model.defaultValueDescription
        let file = network.split(separator: "/").last.map(String.init) ?? network
        let folder: RunFolder
        do throws(FileError) {
            folder = try RunFolder.create(
                in: parent, name: "\(data)-\(file.split(separator: ".").first ?? "model")")
        } catch {
            throw Failure("\(error)", .cannotCreate)
        }
        var settings: [String: JSONValue] = [
            "data": .string(data), "network": .string(network),
            "batch_size": .integer(command.batchSize), "seed": .integer(Int(clamping: seed)),
            "validation_split": .float(Self.validationSplit), "output": .string(command.output),
            "command": .string(CommandLine.arguments.joined(separator: " ")),
        ]
        if let rate = command.learningRate { settings["learning_rate"] = .float(rate) }
        recorder = RunRecorder(folder, settings: settings)
    }

    /// Adds the model, and what it takes the validation's pictures for.
    func finish(_ model: Model, _ data: LabelledImages) throws {
        // As `fit` divides them.
        let split = Int(Double(data.count) * (1 - Double(Self.validationSplit)))
        let held = data[split..<data.count]
        guard let predictions = try recorder.finish(model, on: held) else { return }
        guard Terminal.standardOutput.isTerminal else { return }
        print(predictions.confusionMatrix)
        for pair in predictions.confusionMatrix.confusions(3) {
            let names = predictions.confusionMatrix.classNames
            print("\(pair.count) × \(names[pair.label]) taken for \(names[pair.prediction])")
        }
    }
}
