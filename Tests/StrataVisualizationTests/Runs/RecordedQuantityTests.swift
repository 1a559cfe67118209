import Foundation
import StrataTestSupport
import Testing

@testable import Strata
@testable import StrataVisualization

/// A metric of one's own, whose name tells nothing: the predictions.
private struct Score: MeanMetric {
    static let className = "Score"
    var name = "score"
    var prefersLarger: Bool?
    var config: [String: JSONValue] { ["name": .string(name)] }

    init(prefersLarger: Bool?) { self.prefersLarger = prefersLarger }

    init(configuration: Configuration) throws(ConfigurationError) {}

    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        predictions
    }
}

@Suite struct RecordedQuantityTests {
    /// Trains on one sample whose prediction is each of the weights in turn.
    private func record(
        _ metric: any Metric, _ weights: [Float], in folder: TemporaryFolder
    ) throws -> RunRecord {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1, useBias: false)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0), loss: .meanSquaredError, metrics: [metric])
        let script = LambdaCallback(onEpochBegin: { [weak model] epoch in
            try model?.setWeights([Tensor([weights[epoch]], shape: [1, 1])])
        })
        let recorder = RunRecorder(try .create(in: folder.path, name: "own"))
        let one = Tensor([1], shape: [1, 1])
        try model.fit(
            one, one, epochs: weights.count, verbose: .silent, callbacks: [script, recorder])
        return try RunRecord(recorder.folder)
    }

    @Test(arguments: [(true, 2), (false, 3)])
    func `a metric of one's own says which values are better`(
        prefersLarger: Bool, bestEpoch: Int
    ) throws {
        let record = try record(
            Score(prefersLarger: prefersLarger), [2, 3, 1], in: TemporaryFolder())
        #expect(record.objective == "score")
        #expect(record.best("score")?.epoch == bestEpoch)
        #expect(record.page().contains("<span>best score</span>"))
    }

    @Test func `a run is not judged by a metric that says nothing`() throws {
        let record = try record(Score(prefersLarger: nil), [2, 3, 1], in: TemporaryFolder())
        #expect(record.objective == "loss")
    }

    @Test
    func `a metric with several values is recorded with all of them, and judged by their mean`()
        throws
    {
        let folder = try TemporaryFolder()
        let model = try Sequential {
            Input(shape: [2])
            Dense(2, useBias: false)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0), loss: .meanSquaredError, metrics: [F1Score()])
        // Predictions are the inputs: both of the first class and one of the second are taken for the first.
        try model.setWeights([Tensor([1, 0, 0, 1], shape: [2, 2])])
        let x = Tensor([1, 0, 1, 0, 1, 0, 0, 1], shape: [4, 2])
        let y = Tensor([1, 0, 1, 0, 0, 1, 0, 1], shape: [4, 2])
        let recorder = RunRecorder(try .create(in: folder.path, name: "scores"))
        try model.fit(x, y, verbose: .silent, callbacks: [recorder])
        let record = try RunRecord(recorder.folder)
        guard case .array(let values)? = record.epochs[0]["f1_score"] else {
            Issue.record("f1_score is \(String(describing: record.epochs[0]["f1_score"]))")
            return
        }
        // Precision 2/3 and recall 1; precision 1 and recall 1/2.
        let wanted: [Float] = [0.8, 2 / 3]
        #expect(values.count == 2)
        // A score is some five operations on numbers up to 3, each rounded by 6e-8 of them.
        for (value, wanted) in zip(values.compactMap(\.asFloat), wanted) {
            #expect(abs(value - wanted) < 1e-6)
        }
        let best = try #require(record.best("f1_score"))
        #expect(abs(best.value - (0.8 + 2 / 3) / 2) < 1e-6)
        #expect(record.objective == "f1_score")
    }

    @Test func `pages and comparisons of runs show the best epoch`() throws {
        let place = try TemporaryFolder()
        let folder = try RunFolder.create(in: place.path, name: "old")
        try folder.write(["epochs": 3], to: "settings.json")
        let lines = [0.8244, 0.8549, 0.871].enumerated().map { index, accuracy in
            #"{"epoch": \#(index + 1), "loss": 1, "val_accuracy": \#(accuracy)}"# + "\n"
        }
        try Data(lines.joined().utf8).write(
            to: URL(fileURLWithPath: folder.file("metrics.jsonl")))
        let record = try RunRecord(folder)
        #expect(record.objective == "val_accuracy")
        #expect(record.best("val_accuracy")?.value == 0.871)
        #expect(
            record.page().contains("<b>0.8710 in epoch 3</b><span>best validation accuracy</span>"))
        #expect(RunComparison([record]).table.contains("0.871"))
    }
}
