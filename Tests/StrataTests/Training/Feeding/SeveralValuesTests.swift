import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Predictions are the samples, three scores, of which four in six are right.
///
/// `F1Score()` of Keras 3.15.1
/// is [1, 0.5, 0.5] for them.
@Suite struct SeveralValuesTests {
    private let x = Tensor(
        [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0] as [Float], shape: [6, 3])
    private let y = Tensor(
        [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1] as [Float], shape: [6, 3])
    private let scores: [Float] = [1, 0.5, 0.5]

    private func model(_ metric: any Metric = F1Score()) throws -> Model {
        let model = try Sequential {
            Input(shape: [3])
            Activation(.linear)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0), loss: .meanSquaredError, metrics: [metric])
        return model
    }

    private func expect(_ logs: Logs, _ name: String = "f1_score") {
        let values = logs.values(name)
        #expect(values.count == 3)
        // A score is some five operations on numbers up to 3, and Keras adds 1e-7 to its divisor.
        for (value, expected) in zip(values, scores) { #expect(abs(value - expected) < 1e-6) }
        // What Keras shows on its progress line.
        let mean = scores.reduce(0, +) / 3
        let shown = logs[name] ?? .nan
        #expect(abs(shown - mean) < 1e-6)
    }

    @Test func `every value of a metric is in the logs, wherever they come from`() throws {
        let model = try model()
        expect(try model.evaluate(x, y, verbose: .silent))
        expect(try model.testOnBatch(x, y))
        expect(try model.trainOnBatch(x, y))
        let watched = Watched()
        let history = try model.fit(
            x, y, verbose: .silent, callbacks: [watched], validationData: (x, y))
        expect(history.logs[0])
        expect(history.logs[0], "val_f1_score")
        expect(watched.batch)
        #expect(abs(history["f1_score"][0] - 2 / 3) < 1e-6)
        let best = try #require(history.best("val_f1_score"))
        #expect(abs(best.value - 2 / 3) < 1e-6)
    }

    private final class Watched: Callback {
        var batch: Logs = [:]
        override func onTrainBatchEnd(_ batch: Int, logs: Logs) { self.batch = logs }
    }

    @Test func `a table has all values in one cell, written as Keras does`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log.csv"
        try model().fit(x, y, verbose: .silent, callbacks: [CSVLogger(path)])
        let lines = try String(contentsOfFile: path, encoding: .utf8)
            .components(separatedBy: "\r\n")
        #expect(lines[0] == "epoch,f1_score,loss,val_f1_score,val_loss")
        let cell = try #require(lines[1].split(separator: "\"\"\"").dropFirst().first)
        #expect(cell.hasPrefix("[") && cell.hasSuffix("]"))
        let values = cell.dropFirst().dropLast().components(separatedBy: ", ").compactMap(
            Float.init)
        var logs = Logs()
        logs.set("f1_score", values)
        expect(logs)
        #expect(lines[1].hasSuffix(",NA,NA"))
    }

    /// Keras 3.15.1 raises where such a metric is compared, or written into a name.
    @Test func `a metric with several values is nothing to decide by`() throws {
        let callbacks: [Callback] = [
            EarlyStopping(monitor: "f1_score"), try ReduceLROnPlateau(monitor: "f1_score"),
            ModelCheckpoint("never.keras", monitor: "f1_score", saveBestOnly: true),
            ModelCheckpoint("never-{f1_score:.2f}.keras"),
        ]
        for callback in callbacks {
            let error = #expect(throws: ModelError.self) {
                try model().fit(x, y, verbose: .silent, callbacks: [callback])
            }
            #expect(error?.description.contains("has 3 values") == true)
            #expect(error?.description.contains("F1Score(average: .macro)") == true)
        }
        let stopping = EarlyStopping(monitor: "f1_score")
        try model(F1Score(average: .macro)).fit(x, y, verbose: .silent, callbacks: [stopping])
    }

    @Test func `counts at several thresholds are several values, too`() throws {
        let metric = Precision(thresholds: [0.25, 0.75])
        let logs = try model(metric).evaluate(x, y, verbose: .silent)
        #expect(logs.values("precision").count == 2)
        #expect(logs.values("loss").count == 1)
    }

    @Test func `logs are read like a dictionary`() {
        var logs: Logs = ["loss": 2, "accuracy": 0.5]
        #expect(logs == ["accuracy": 0.5, "loss": 2])
        #expect(logs.keys == ["accuracy", "loss"])
        #expect(logs.map(\.value) == [0.5, 2])
        #expect(logs["other"] == nil && logs.values("other") == [])
        logs["loss"] = nil
        logs.set("scores", [1, 3])
        #expect(logs.count == 2 && logs["scores"] == 2)
        #expect(logs.description == #"["accuracy": 0.5, "scores": [1.0, 3.0]]"#)
        logs["scores"] = 7
        #expect(logs.values("scores") == [7])
    }
}
