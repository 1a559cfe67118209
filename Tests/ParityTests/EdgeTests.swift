import Foundation
import Strata
import StrataTestSupport
import Testing

/// Data at its edges beside Keras; `Tests/Fixtures/edges/make.py` says what each case is, and writes what Keras gives.
///
/// Sums have at most 100 terms, rounded on both sides, and a step is as far off as its gradient, some six operations
/// deep: 2 · 6 · √100 · 2⁻²⁴ = 7e-6 relatively. Where Keras clips a probability to 1 − 1e-7, its logarithm is one or two
/// units of 2⁻²⁴ next to 1: 2e-7 absolutely.
@Suite struct EdgeTests {
    struct Numbers: Decodable, Sendable {
        var shape: [Int]
        var type: String
        var values: [Number]

        /// A number, or the text of one that JSON does not have.
        struct Number: Decodable, Sendable {
            var value: Float

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    value = Float(text) ?? .nan
                } else {
                    value = Float(try container.decode(Double.self))
                }
            }
        }

        var tensor: Tensor {
            let tensor = Tensor(values.map(\.value), shape: shape)
            return type == "int32" ? tensor.cast(to: .int32) : tensor
        }
    }

    struct LossCase: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var config: JSONValue
        var y, p: Numbers
        var w: Numbers?
        var value, gradient: Numbers
        var testDescription: String { "\(config["class_name"] ?? .null), \(name)" }
    }

    struct MetricCase: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var config: JSONValue
        var y, p: Numbers
        var w: Numbers?
        var result: Numbers
        var testDescription: String { "\(config["class_name"] ?? .null), \(name)" }
    }

    struct TrainingCase: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var layers, loss: String
        var metrics, weighted: [String]
        var batch: Int
        var x, y: Numbers
        var w: Numbers?
        var classes: [String: Float]?
        var before, after: [Numbers]
        var history, evaluation: [String: Numbers]
        var prediction: Numbers
        var testDescription: String { name }
    }

    private struct Fixture: Decodable {
        var losses: [LossCase]
        var metrics: [MetricCase]
        var trainings: [TrainingCase]
    }

    private static let fixture: Fixture = {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/edges/edges.json").standardizedFileURL
        do {
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        } catch {
            Issue.record("\(error)")
            return Fixture(losses: [], metrics: [], trainings: [])
        }
    }()

    private func check(
        _ got: [Float], _ expected: Numbers, _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let wanted = expected.values.map(\.value)
        let isSame =
            got.count == wanted.count
            && zip(got, wanted).allSatisfy {
                $0 == $1 || $0.isNaN && $1.isNaN || abs($0 - $1) <= 7e-6 * abs($1) + 2e-7
            }
        #expect(isSame, "\(what): \(got), Keras has \(wanted)", sourceLocation: sourceLocation)
    }

    @Test(arguments: fixture.losses)
    func `a loss and its gradient are Keras's at the edges`(edge: LossCase) throws {
        let loss = try LossRegistry.loss(edge.config, path: edge.name)
        let predictions = SymbolicTensor.input("p", Shape(edge.p.shape))
        let value = loss(
            .constant(edge.y.tensor), predictions, sampleWeight: edge.w.map { .constant($0.tensor) }
        )
        let results = try evaluate(
            [value] + value.gradients(withRespectTo: [predictions]), inputs: ["p": edge.p.tensor])
        check(results[0].scalars, edge.value, "the loss")
        check(results[1].scalars, edge.gradient, "the gradient")
    }

    @Test(arguments: fixture.metrics)
    func `a metric is Keras's at the edges`(edge: MetricCase) throws {
        let metric = try MetricRegistry.metric(edge.config, path: edge.name)
        let (y, p) = (edge.y.tensor, edge.p.tensor)
        let state = metric.initialState(targets: Shape(y.shape), predictions: Shape(p.shape))
        let after = metric.updatedState(
            state.map { .constant($0) }, targets: .constant(y), predictions: .constant(p),
            sampleWeight: edge.w.map { .constant($0.tensor) })
        check(try evaluate([metric.result(after)])[0].scalars, edge.result, "the result")
    }

    private func model(_ edge: TrainingCase) throws -> Model {
        let words = edge.layers.split(separator: " ").map(String.init)
        let activation = try #require(ActivationFunction(rawValue: words[2]))
        let end = Dense(try #require(Int(words[1])), activation: activation)
        let layers: [Layer] =
            switch words[0] {
            case "images":
                [
                    Conv2D(2, kernelSize: 3), BatchNormalization(), ReLU(),
                    GlobalAveragePooling2D(), end,
                ]
            case "normalized": [BatchNormalization(), end]
            default: [end]
            }
        let model = try Sequential {
            Input(shape: Shape(edge.x.shape.dropFirst().map { Optional($0) }))
            layers
        }
        let metrics: [String: any Metric] = [
            "accuracy": .accuracy, "AUC": AUC(name: "AUC"),
            "Precision": Precision(name: "Precision"),
            "Recall": Recall(name: "Recall"), "R2Score": R2Score(name: "R2Score"),
        ]
        let losses: [String: any Loss] = [
            "sparse_categorical_crossentropy": .sparseCategoricalCrossentropy,
            "binary_crossentropy": .binaryCrossentropy, "mean_squared_error": .meanSquaredError,
        ]
        try model.compile(
            optimizer: SGD(learningRate: 0.1), loss: try #require(losses[edge.loss]),
            metrics: edge.metrics.compactMap { metrics[$0] },
            weightedMetrics: edge.weighted.compactMap { metrics[$0] })
        try model.setWeights(edge.before.map(\.tensor))
        return model
    }

    @Test(arguments: fixture.trainings)
    func `training, evaluation and prediction are Keras's at the edges`(edge: TrainingCase) throws {
        let model = try model(edge)
        let (x, y) = (edge.x.tensor, edge.y.tensor)
        let classes = edge.classes.map { classes in
            Dictionary(uniqueKeysWithValues: classes.map { (Int($0) ?? -1, $1) })
        }
        let history = try model.fit(
            x, y, batchSize: edge.batch, epochs: 2, verbose: .silent, shuffle: false,
            classWeight: classes, sampleWeight: edge.w?.tensor)
        #expect(history.logs.first?.keys == edge.history.keys.sorted())
        for (name, expected) in edge.history { check(history[name], expected, name) }
        for (weight, expected) in zip(try model.getWeights(), edge.after) {
            check(weight.scalars, expected, "a weight")
        }
        let logs = try model.evaluate(
            x, y, batchSize: edge.batch, verbose: .silent, sampleWeight: edge.w?.tensor)
        for (name, expected) in edge.evaluation { check(logs.values(name), expected, name) }
        let prediction = try model.predict(x, batchSize: edge.batch)
        check(prediction.scalars, edge.prediction, "the prediction")
    }
}
