import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Training whose process is killed, again and again, ends with the same bits.
@Suite struct KilledTrainingTests {
    /// How often each training is killed; `STRATA_KILLS` of more is for a longer test.
    private static let kills =
        ProcessInfo.processInfo.environment["STRATA_KILLS"].flatMap { Int($0) } ?? 1

    private static let trainings:
        [(ResumableTraining.Source, DTypePolicy, ModelCheckpoint.SaveFrequency)] = [
            (.arrays, .float32, .batches(1)), (.arraysInSteps, .mixedBfloat16, .epoch),
            (.folder, .mixedBfloat16, .batches(1)), (.folderInSteps, .float32, .batches(2)),
        ]

    /// The folder by which a test's process and those that it kills know each other.
    private static func folder(ofTest process: Int32) -> String {
        FileManager.default.temporaryDirectory.appending(path: "strata-kills-\(process)").path
    }

    private static func training(_ number: Int, ofTest process: Int32) -> ResumableTraining {
        ResumableTraining(
            source: trainings[number].0, policy: trainings[number].1,
            folder: "\(folder(ofTest: process))/\(number)")
    }

    /// The training's number and the time until the kill in microseconds.
    private static func orders(ofTest process: Int32) -> String {
        "\(folder(ofTest: process))/orders.json"
    }

    @Test func `training that is killed at any moment ends with the same bits`() async throws {
        let own = getpid()
        defer { try? FileManager.default.removeItem(atPath: Self.folder(ofTest: own)) }
        var generator = RandomGenerator(seed: 1)
        for (number, (_, _, saving)) in Self.trainings.enumerated() {
            let training = Self.training(number, ofTest: own)
            try training.writePictures()
            let start = ContinuousClock.now
            let whole = try training.run(saving: saving)
            let duration = ContinuousClock.now - start
            var (interrupted, completed) = (0, 0)
            for _ in 0..<Self.kills {
                let delay = Int(generator.uniform() * Float(duration / .microseconds(1)))
                let orders: JSONValue = ["training": .integer(number), "delay": .integer(delay)]
                try FileContents.write(Array(orders.text.utf8), to: Self.orders(ofTest: own))
                await Self.trainUntilKilled()
                // The backup is gone once training is complete; then the next one begins anew.
                let isCompleted = FileContents.size(of: "\(training.folder)/completed") != nil
                unlink("\(training.folder)/completed")
                (interrupted, completed) =
                    isCompleted ? (interrupted, completed + 1) : (interrupted + 1, completed)
            }
            #expect(try training.run(saving: saving) == whole)
            if Self.kills > 1 {
                print("\(training): \(interrupted) kills in training, \(completed) after it")
            }
        }
    }

    private static func trainUntilKilled() async {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let test = getppid()
            let orders = try JSONValue(
                parsing: String(
                    contentsOfFile: KilledTrainingTests.orders(ofTest: test), encoding: .utf8))
            let number = try #require(orders["training"]?.integer)
            let delay = try #require(orders["delay"]?.integer)
            Thread.detachNewThread {
                usleep(UInt32(delay))
                kill(getpid(), SIGKILL)
            }
            let training = KilledTrainingTests.training(number, ofTest: test)
            _ = try training.run(saving: KilledTrainingTests.trainings[number].2)
            try FileContents.write([], to: "\(training.folder)/completed")
            while true { sleep(1) }
        }
    }
}
