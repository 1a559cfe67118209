import StrataGraph
import StrataTestSupport
import Testing

@testable import Strata

/// A small training that one process or several ranks do.
struct RankTraining: Sendable, CustomTestStringConvertible {
    /// What a rank knows at the end.
    struct Outcome: Sendable {
        var logs: [Logs]
        var weights: [Tensor]
        var evaluation: Logs

        /// The values of all epochs and of the evaluation, by name.
        var values: [(name: String, values: [Float])] {
            (logs + [evaluation]).flatMap { line in line.keys.map { ($0, line.values($0)) } }
        }
    }

    let testDescription: String
    var batchSize = 5
    var shuffles = true
    let makeModel: @Sendable () throws -> Model
    var sampleWeight: Tensor?
    var classWeight: [Int: Float]?

    init(
        _ description: String, batchSize: Int = 5, sampleWeight: Tensor? = nil,
        classWeight: [Int: Float]? = nil, makeModel: @escaping @Sendable () throws -> Model
    ) {
        testDescription = description
        self.batchSize = batchSize
        self.makeModel = makeModel
        self.sampleWeight = sampleWeight
        self.classWeight = classWeight
    }

    static let count = 13
    /// Images with a pattern by their class.
    static let x = Tensor(
        (0..<count * 36).map { index in
            let step = index * 37 + index / 36 * 11
            return Float(step % 17) / 17
        }, shape: [count, 6, 6, 1])
    static let y = Tensor((0..<count).map { Int32($0 * 5 % 3) }, shape: [count])

    /// Trains two epochs with validation, and evaluates.
    func run(_ distribution: Distribution?, _ callbacks: [Callback] = [], epochs: Int = 2) throws
        -> Outcome
    {
        let model = try makeModel()
        if let distribution { try model.distribute(distribution) }
        let (x, y) = (Self.x, Self.y)
        let history = try model.fit(
            x, y, batchSize: batchSize, epochs: epochs, verbose: .silent, callbacks: callbacks,
            validationData: (x[0..<7], y[0..<7]), shuffle: shuffles, classWeight: classWeight,
            sampleWeight: sampleWeight)
        return Outcome(
            logs: history.logs, weights: try model.getWeights(),
            evaluation: try model.evaluate(x, y, batchSize: 4, verbose: .silent))
    }

    /// What one process gives.
    func alone() throws -> Outcome {
        try SeedStream.$own.withValue(SeedStream(seed: 1)) { try run(nil) }
    }
}

extension RankTraining {
    private static func images(
        _ optimizer: any Optimizer, loss: any Loss = .sparseCategoricalCrossentropy,
        metrics: [any Metric] = [.accuracy], weighted: [any Metric] = [],
        _ layers: [Layer]
    ) throws -> Model {
        let model = try Sequential(name: "net") {
            Input(shape: [6, 6, 1], name: "input")
            layers
        }
        try model.compile(
            optimizer: optimizer, loss: loss, metrics: metrics, weightedMetrics: weighted)
        return model
    }

    static let cases: [RankTraining] = [
        RankTraining("SGD with momentum") {
            try images(
                SGD(learningRate: 0.1, momentum: 0.9, nesterov: true),
                [
                    Conv2D(4, kernelSize: 3, activation: .relu, name: "conv"),
                    MaxPooling2D(name: "pool"),
                    Flatten(name: "flatten"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining("Adam, dropout and noise") {
            try images(
                Adam(learningRate: 0.01),
                [
                    GaussianNoise(0.1, name: "noise"),
                    Conv2D(
                        4, kernelSize: 3, padding: .same, activation: .relu, name: "conv"),
                    SpatialDropout2D(0.3, name: "maps"),
                    Flatten(name: "flatten"),
                    Dropout(0.4, name: "dropout"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining("synchronized batch normalization") {
            try images(
                SGD(learningRate: 0.1),
                [
                    Conv2D(4, kernelSize: 3, useBias: false, name: "conv"),
                    BatchNormalization(synchronized: true, name: "normalization"),
                    Activation(.relu, name: "relu"),
                    GlobalAveragePooling2D(name: "pool"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining("augmentation") {
            try images(
                SGD(learningRate: 0.1),
                [
                    RandomFlip(.horizontal, name: "flip"),
                    RandomTranslation(0.2, 0.2, name: "translation"),
                    Flatten(name: "flatten"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining(
            "class weights, sample weights and penalties",
            sampleWeight: Tensor((0..<count).map { Float($0 % 4) / 2 }, shape: [count]),
            classWeight: [0: 2, 1: 0.5]
        ) {
            try images(
                Adam(learningRate: 0.01), weighted: [SparseCategoricalAccuracy(name: "weighted")],
                [
                    Flatten(name: "flatten"),
                    Dense(
                        8, activation: .relu, kernelRegularizer: .l2(0.1),
                        activityRegularizer: .l1(0.01), name: "hidden"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining("more ranks than samples", batchSize: 2) {
            try images(
                SGD(learningRate: 0.1),
                [
                    Flatten(name: "flatten"),
                    Dropout(0.2, name: "dropout"),
                    BatchNormalization(synchronized: true, name: "normalization"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining(
            "a mean by sample weights",
            sampleWeight: Tensor((0..<count).map { Float($0 % 3) }, shape: [count])
        ) {
            try images(
                SGD(learningRate: 0.1),
                loss: SparseCategoricalCrossentropy(
                    ignoreClass: 1, reduction: .meanWithSampleWeight),
                [
                    Flatten(name: "flatten"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
        RankTraining("ignored classes, clipped gradients") {
            try images(
                SGD(learningRate: 0.1, options: OptimizerOptions(globalClipnorm: 0.5)),
                loss: SparseCategoricalCrossentropy(ignoreClass: 2),
                [
                    Flatten(name: "flatten"),
                    Dense(3, activation: .softmax, name: "dense"),
                ])
        },
    ]
}
