import Foundation
import Strata
import Testing

@Suite struct TrainingTests {
    @Test func `a model is trained, measured, used and shown`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let training = try workplace.strata(
            "train", "mnist", "--model", "lenet5", "--epochs", "8", "--batch-size", "20",
            "--learning-rate", "0.003", "--seed", "1", "--output", "bars.keras")
        #expect(training.errors == "")
        #expect(training.code == 0)
        let lines = training.output.split(separator: "\n")
        #expect(
            lines.first
                == "Training on MNIST: 200 pictures, 10 classes, 61706 weights, \(threadCount()) threads"
        )
        #expect(lines.count == 11)
        #expect(lines.last == "The run is in runs/0001-mnist-lenet5")
        #expect(lines.dropLast().last?.hasPrefix("Saved bars.keras, the weights of epoch ") == true)

        // Bars that can be counted: nothing is left to err about.
        let measured = try workplace.strata("evaluate", "bars.keras", "mnist", "--json")
        let result = try JSONValue(parsing: measured.output)
        #expect(result["accuracy"] == .number(1))
        #expect(result["images"] == .integer(20))
        #expect(measured.output.split(separator: "\n").count == 1)
        let plain = try workplace.strata("evaluate", "bars.keras", "mnist")
        #expect(plain.output.hasSuffix(", accuracy 1.0000 on 20 test pictures\n"))

        let summary = try workplace.strata("summary", "bars.keras")
        #expect(summary.code == 0)
        #expect(summary.output.contains(" Trainable params: 61,706 (241.04 KB)"))

        let plan = try workplace.strata("plan", "bars.keras", "--batch", "7")
        #expect(plan.code == 0)
        #expect(plan.output.hasPrefix("once, and again when a variable changed:\n"))
        #expect(plan.output.contains("every step:\n"))
        let step = try workplace.strata("plan", "bars.keras", "--mode", "train")
        #expect(step.code == 0)
        #expect(step.output.split(separator: "\n").count > plan.output.split(separator: "\n").count)
    }

    @Test func `a new network changes its pictures at random where it is asked to`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let outcome = try workplace.strata(
            "train", "mnist", "--model", "lenet5", "--augment", "--epochs", "1", "--seed", "3",
            "--output", "a.keras")
        #expect(outcome.code == 0)
        let model = try Model.load(from: workplace.path("a.keras"))
        #expect(
            model.layers.prefix(4).map { "\(type(of: $0))" }
                == ["InputLayer", "Rescaling", "RandomFlip", "RandomTranslation"])

        let again = try workplace.strata("train", "mnist", "--model", "a.keras", "--augment")
        #expect(again.code == 64)
        #expect(
            again.errors.contains(
                "--augment is for a new network; the layers of a file stay as they are."))
    }

    @Test func `training goes on from a file, and the same seed gives the same file`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        for name in ["a", "b"] {
            let outcome = try workplace.strata(
                "train", "mnist", "--model", "lenet5", "--epochs", "1", "--seed", "3", "--threads",
                "1", "--output", "\(name).keras")
            #expect(outcome.code == 0)
        }
        let models = try ["a", "b"].map { try Model.load(from: workplace.path("\($0).keras")) }
        #expect(try models[0].getWeights() == models[1].getWeights())

        let more = try workplace.strata(
            "train", "mnist", "--model", "a.keras", "--epochs", "1", "--learning-rate", "0.01",
            "--output", "c.keras")
        #expect(more.code == 0)
        let further = try Model.load(from: workplace.path("c.keras"))
        #expect(try further.getWeights() != models[0].getWeights())
        #expect(further.learningRate == 0.01)
    }

    @Test func `without a data set and a network it trains on Shapes, and says so`() throws {
        let workplace = try Workplace()
        let process = workplace.process(["train", "--model", "lenet5", "--epochs", "100000"])
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let first = try output.fileHandleForReading.line()
        // SIGTERM can be blocked in children of a thread of Dispatch.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(first.hasPrefix("Training on Shapes: 20000 pictures, 10 classes, "))
        let text = try errors.fileHandleForReading.readToEnd().map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(text?.contains("No data set was given: training on Shapes instead.\n") == true)
    }

    /// What a closed terminal and `timeout` send.
    @Test(arguments: [SIGTERM, SIGHUP])
    func `other signals end training too, and the model is saved`(number: Int32) throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let process = workplace.process(
            ["train", "mnist", "--model", "lenet5", "--epochs", "1000000", "--output", "cut.keras"])
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let reader = output.fileHandleForReading
        #expect(try reader.line().hasPrefix("Training on MNIST"))
        #expect(try reader.line().hasPrefix("Epoch 1/1000000 - "))
        kill(process.processIdentifier, number)
        _ = try reader.readToEnd()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 128 + number)
        #expect(try Model.load(from: workplace.path("cut.keras")).countParams() == 61_706)
    }

    @Test func `an error in the middle of training leaves what was learned so far`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let process = workplace.process(
            ["train", "mnist", "--model", "lenet5", "--epochs", "1000000", "--output", "cut.keras"])
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let reader = output.fileHandleForReading
        #expect(try reader.line().hasPrefix("Training on MNIST"))
        #expect(try reader.line().hasPrefix("Epoch 1/1000000 - "))
        // The recorder has nowhere to write to from now on.
        let runs = workplace.folder.appendingPathComponent("runs")
        try FileManager.default.moveItem(
            at: runs, to: workplace.folder.appendingPathComponent("moved"))
        _ = try reader.readToEnd()
        let text = try errors.fileHandleForReading.readToEnd().map {
            String(decoding: $0, as: UTF8.self)
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 73)
        #expect(
            text?.hasPrefix("Saved cut.keras, as far as training went before an error\n") == true)
        #expect(text?.contains("Error: runs/0001-mnist-lenet5/") == true)
        #expect(try Model.load(from: workplace.path("cut.keras")).countParams() == 61_706)
    }

    @Test func `Ctrl-C ends training, and the best weights so far are in the file`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let process = workplace.process(
            ["train", "mnist", "--model", "lenet5", "--epochs", "1000000", "--output", "cut.keras"])
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let reader = output.fileHandleForReading
        // The second line stands for a whole epoch: from there on there are best weights.
        #expect(try reader.line().hasPrefix("Training on MNIST"))
        #expect(try reader.line().hasPrefix("Epoch 1/1000000 - "))
        process.interrupt()
        let rest = try reader.readToEnd().map { String(decoding: $0, as: UTF8.self) }
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 130)
        #expect(rest?.contains("Saved cut.keras, the weights of epoch ") == true)
        let text = try errors.fileHandleForReading.readToEnd().map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(
            text == "\nStopping after this batch to save the model; Ctrl-C again ends at once.\n")
        let model = try Model.load(from: workplace.path("cut.keras"))
        #expect(model.countParams() == 61_706)
    }

    @Test func `a learning rate that makes the loss explode saves nothing and says so`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let outcome = try workplace.strata(
            "train", "mnist", "--epochs", "1", "--batch-size", "20", "--learning-rate", "1e30")
        #expect(outcome.code == 65)
        #expect(
            outcome.errors
                == "Error: the loss became nan in epoch 1, nothing was saved; use a smaller --learning-rate\n"
        )
        #expect(!FileManager.default.fileExists(atPath: workplace.path("model.keras")))
    }

    @Test func `debugging numerics ends training at the first value that is not finite`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let outcome = try workplace.strata(
            "train", "mnist", "--epochs", "1", "--batch-size", "20", "--learning-rate", "1e30",
            "--debug-numerics")
        #expect(outcome.code == 65)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.contains(" in epoch 1, step ") == true)
        #expect(lines.dropFirst().first?.hasPrefix("  first in ") == true)
        #expect(lines.last?.hasPrefix("  fix: use a smaller learning rate") == true)
        #expect(!FileManager.default.fileExists(atPath: workplace.path("model.keras")))
    }
}

extension FileHandle {
    /// The next line, without its end.
    func line() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try read(upToCount: 1)?.first, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
