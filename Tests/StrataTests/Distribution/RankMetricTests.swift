import StrataGraph
import StrataTestSupport
import Testing

@testable import Strata

/// Metrics of several ranks are those of all samples.
@Suite struct RankMetricTests {
    private static let count = 11
    private static let classes = 3

    /// Targets and a network's outputs that a metric accepts.
    private static func data(_ metric: any Metric) -> (x: Tensor, y: Tensor) {
        let isSparse = "\(type(of: metric))".hasPrefix("Sparse")
        let elements = 0..<count * classes
        let scores: [Float] = elements.map { 0.05 + Float($0 * 7 % 10) / 11 }
        let x = Tensor(scores, shape: [count, classes])
        if isSparse {
            let y: [Int32] = (0..<count).map { Int32($0 % classes) }
            return (x, Tensor(y, shape: [count]))
        }
        if metric is MeanIoU || metric is IoU || metric is BinaryIoU {
            let y: [Float] = elements.map { Float($0 % 2) }
            return (x, Tensor(y, shape: [count, classes]))
        }
        let y: [Float] = elements.map { element in
            element / classes % classes == element % classes ? 1 : 0
        }
        return (x, Tensor(y, shape: [count, classes]))
    }

    /// The arguments that a metric has no default for.
    private static func configuration(_ className: String) -> [String: JSONValue] {
        switch className {
        case "MeanIoU": ["num_classes": 2]
        case "IoU": ["num_classes": 2, "target_class_ids": [0, 1]]
        case "OneHotMeanIoU": ["num_classes": 3]
        case "OneHotIoU": ["num_classes": 3, "target_class_ids": [0, 1]]
        case "PrecisionAtRecall": ["recall": 0.5]
        case "RecallAtPrecision": ["precision": 0.5]
        case "SpecificityAtSensitivity": ["sensitivity": 0.5]
        case "SensitivityAtSpecificity": ["specificity": 0.5]
        default: [:]
        }
    }

    @Test(arguments: MetricRegistry.types.map { $0.className })
    func `a metric over ranks is that of one process`(className: String) throws {
        let type = try #require(MetricRegistry.types.first { $0.className == className })
        let metric = try type.init(configuration: Configuration(Self.configuration(className)))
        let (x, y) = Self.data(metric)
        @Sendable func run(_ distribution: Distribution?) throws -> [Float] {
            let model = try Sequential(name: "net") {
                Input(shape: [Self.classes], name: "input")
                Activation(.linear, name: "same")
            }
            let isSparse = y.rank == 1
            try model.compile(
                optimizer: SGD(),
                loss: isSparse ? SparseCategoricalCrossentropy() as any Loss : MeanSquaredError(),
                metrics: [metric])
            if let distribution { try model.distribute(distribution) }
            let logs = try model.evaluate(x, y, batchSize: 4, verbose: .silent)
            return logs.values(metric.name)
        }
        let expected = try run(nil)
        try #require(!expected.isEmpty)
        let ranks = try ThreadRankGroup.run(3) { try run($0) }
        for values in ranks {
            try #require(values.count == expected.count)
            for (value, other) in zip(values, expected) {
                #expect(abs(value - other) <= 2e-6 * max(1, abs(other)), "\(values), \(expected)")
            }
        }
    }
}
