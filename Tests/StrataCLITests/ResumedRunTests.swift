import Foundation
import Testing

@testable import Strata

/// `strata train --resume`.
@Suite struct ResumedRunTests {
    /// How often each training is killed; `STRATA_KILLS` of more is for a longer test.
    private static let kills =
        ProcessInfo.processInfo.environment["STRATA_KILLS"].flatMap { Int($0) } ?? 1

    /// A folder of pictures of two classes, a set, and an untrained network in bfloat16.
    private func workplace() throws -> Workplace {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        for number in 0..<40 {
            let folder = workplace.path("photos/\(number % 2)")
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let pixels = (0..<32 * 32 * 3).map {
                UInt8(truncatingIfNeeded: $0 * (number % 2 * 5 + 1) * (number + 3) % 251)
            }
            try FileContents.write(
                ImageEncoder.png(Tensor(pixels, shape: [32, 32, 3])),
                to: "\(folder)/\(number).png")
        }
        for (name, shape, classes) in [
            ("digits", [28, 28, 1], 10), ("pictures", [32, 32, 3], 2),
        ] {
            try mixed(shape, classes).save(to: workplace.path("\(name).keras"))
        }
        return workplace
    }

    private func mixed(_ shape: [Int], _ classes: Int) throws -> Model {
        func typed(_ layer: Layer) -> Layer {
            layer.dtypePolicy = .mixedBfloat16
            return layer
        }
        return try Sequential {
            Input(shape: shape)
            typed(Rescaling(1 / 255))
            typed(RandomFlip(seed: 1))
            typed(RandomTranslation(0.1, 0.1, seed: 2))
            typed(Conv2D(8, kernelSize: 3, strides: 2, activation: .relu))
            typed(BatchNormalization())
            typed(Flatten())
            typed(Dropout(0.3, seed: 3))
            typed(Dense(classes, activation: .softmax))
        }
    }

    private func wait(for path: String, while process: Process) {
        while process.isRunning, FileContents.size(of: path) == nil { usleep(1000) }
    }

    @Test(arguments: [
        ["mnist", "--augment"], ["mnist", "--model", "digits.keras"],
        ["photos"], ["photos", "--model", "pictures.keras"],
    ])
    func `a killed training goes on to the same bits`(arguments: [String]) throws {
        let workplace = try workplace()
        let common =
            ["train"] + arguments + ["--epochs", "5", "--batch-size", "20", "--seed", "5"]
        let start = ContinuousClock.now
        #expect(
            try workplace.strata(common + ["--runs", "whole", "--output", "w.keras"]).code == 0)
        let duration = Float((ContinuousClock.now - start) / .microseconds(1))
        var generator = RandomGenerator(seed: 2)
        var next = common + ["--runs", "parts", "--output", "p.keras"]
        for _ in 0..<Self.kills {
            let process = workplace.process(next)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            let run = try run(in: workplace.path("parts"), of: process)
            wait(for: "\(run)/arguments.json", while: process)
            usleep(UInt32(generator.uniform() * duration))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if FileContents.size(of: "\(run)/arguments.json") == nil { break }
            next = ["train", "--resume", run]
        }
        if next.contains("--resume") {
            let outcome = try workplace.strata(next)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let models = try ["w", "p"].map { try Model.load(from: workplace.path("\($0).keras")) }
        #expect(try models[0].getWeights() == models[1].getWeights())
        let tables = try ["whole", "parts"].map { parent in
            let run = try #require(self.runs(in: workplace.path(parent)).first)
            return try String(contentsOfFile: "\(run)/metrics.csv", encoding: .utf8)
        }
        #expect(tables[0].split(whereSeparator: \.isNewline).count == 1 + 5)
        #expect(tables[0] == tables[1])
    }

    private func runs(in parent: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).map {
            "\(parent)/\($0)"
        }
    }

    /// The folder of the run, once the process has made it.
    private func run(in parent: String, of process: Process) throws -> String {
        while process.isRunning, runs(in: parent).isEmpty { usleep(1000) }
        return try #require(runs(in: parent).first)
    }

    @Test func `training that Ctrl-C ended goes on too`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let common = ["train", "mnist", "--model", "lenet5", "--epochs", "60", "--seed", "5"]
        #expect(
            try workplace.strata(common + ["--runs", "whole", "--output", "w.keras"]).code == 0)
        let process = workplace.process(common + ["--runs", "parts", "--output", "p.keras"])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let run = try run(in: workplace.path("parts"), of: process)
        wait(for: "\(run)/backup/training_metadata.json", while: process)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let outcome = try workplace.strata("train", "--resume", run)
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("Going on with \(run)\nTraining on MNIST"))
        let models = try ["w", "p"].map { try Model.load(from: workplace.path("\($0).keras")) }
        #expect(try models[0].getWeights() == models[1].getWeights())

        let again = try workplace.strata("train", "--resume", run)
        #expect(again.code == 66)
        #expect(
            again.errors
                == "Error: the run in \(run) is complete; strata train --model "
                + "\(run)/model.keras trains its model further\n")
    }

    @Test func `what cannot be resumed is an error that says so`() throws {
        let workplace = try Workplace()
        let missing = try workplace.strata("train", "--resume", "runs/7")
        #expect(missing.code == 66)
        #expect(
            missing.errors
                == "Error: there is no run of strata train in runs/7; give the folder of one, such as "
                + "runs/0001-mnist-lenet5\n")
        let both = try workplace.strata("train", "mnist", "--resume", "runs/7", "--epochs", "3")
        #expect(both.code == 64)
        #expect(
            both.errors.contains("--resume takes all settings from the run; leave out the others."))
    }
}
