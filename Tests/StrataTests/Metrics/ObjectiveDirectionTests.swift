import Testing

@testable import Strata

/// A metric of one's own, whose name tells nothing.
private struct Score: MeanMetric {
    static let className = "Score"
    var name = "score"
    var prefersLarger: Bool?
    var config: [String: JSONValue] { ["name": .string(name)] }

    init(name: String = "score", prefersLarger: Bool?) {
        self.name = name
        self.prefersLarger = prefersLarger
    }

    init(configuration: Configuration) throws(ConfigurationError) {}

    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        predictions.reshaped([-1])
    }
}

@Suite struct ObjectiveDirectionTests {
    @Test(arguments: [
        ("loss", "min"), ("val_loss", "min"), ("head_loss", "min"), ("val_head_loss", "min"),
        ("accuracy", "max"), ("val_accuracy", "max"), ("acc", "max"), ("head_accuracy", "max"),
        ("weighted_accuracy", "max"), ("sparse_top_k_categorical_accuracy", "max"),
        ("auc", "max"), ("val_auc_1", "max"), ("f1_score", "max"), ("fbeta_score", "max"),
        ("mean_io_u", "max"), ("cosine_similarity", "max"), ("r2_score", "max"),
        ("mse", "min"), ("MAE", "min"), ("val_mean_absolute_error", "min"), ("logcosh", "min"),
        ("kl_divergence", "min"), ("out_binary_crossentropy", "min"), ("percent_error", "min"),
        ("learning_rate", nil), ("false_positives", nil), ("mean", nil), ("val_", nil), ("", nil),
        ("1", nil), ("lossy", nil),
    ])
    func `a quantity's name implies which values are better`(name: String, expected: String?) {
        #expect(ObjectiveDirection(ofQuantity: name)?.rawValue == expected)
    }

    @Test func `the name of every metric implies what the metric says`() {
        for type in MetricRegistry.types {
            let name = LayerNames.snakeCase(type.className)
            #expect(
                ObjectiveDirection(ofQuantity: name)?.rawValue
                    == metricDirections[type.className].map { $0 ? "max" : "min" }, "\(name)")
        }
    }

    @Test func `the best epoch is the one with the largest accuracy and the smallest loss`() {
        var history = History()
        let accuracies: [Float] = [0.8244, 0.8549, 0.871]
        for (epoch, accuracy) in accuracies.enumerated() {
            history.append(epoch, ["val_accuracy": accuracy, "loss": 1 - accuracy, "lr": 0.1])
        }
        #expect(history.best("val_accuracy")?.value == 0.871)
        #expect(history.best("val_accuracy")?.epoch == 2)
        #expect(history.best("loss")?.epoch == 2)
        #expect(history.best("lr") == nil)
        #expect(history.best("accuracy") == nil)
    }

    @Test func `of equal values the first is the best, and what is not finite is none`() {
        var history = History()
        for (epoch, loss) in [Float.nan, 2, 1, 1, -Float.infinity].enumerated() {
            history.append(epoch, ["loss": loss])
        }
        #expect(history.best("loss")?.epoch == 2)
    }

    @Test func `an epoch without validation does not move the best one`() {
        var history = History()
        history.append(0, ["loss": 1])
        history.append(1, ["loss": 1, "val_loss": 2])
        history.append(2, ["loss": 1])
        history.append(3, ["loss": 1, "val_loss": 3])
        #expect(history.best("val_loss")?.epoch == 1)
        #expect(history["val_loss"] == [2, 3])
    }

    /// Trains a weight through the given values, so that the metric is these.
    private func fit(_ metric: Score, _ callbacks: [Callback], _ weights: [Float]) throws -> History
    {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1, useBias: false)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0), loss: .meanSquaredError, metrics: [metric])
        let script = LambdaCallback(onEpochBegin: { [weak model] epoch in
            try model?.setWeights([Tensor([weights[epoch]], shape: [1, 1])])
        })
        let one = Tensor([1], shape: [1, 1])
        return try model.fit(
            one, one, epochs: weights.count, verbose: .silent, callbacks: [script] + callbacks)
    }

    @Test(arguments: [(true, 1), (false, 2)])
    func `a metric of one's own says which values are better`(
        prefersLarger: Bool, bestEpoch: Int
    ) throws {
        let metric = Score(prefersLarger: prefersLarger)
        let stopping = EarlyStopping(monitor: "score", patience: 9)
        let history = try fit(metric, [stopping], [2, 3, 1])
        #expect(history.best("score")?.epoch == bestEpoch)
        #expect(stopping.bestEpoch == bestEpoch)
    }

    @Test func `a metric that says nothing, and whose name tells nothing, has no best value`()
        throws
    {
        let history = try fit(Score(prefersLarger: nil), [], [2, 3, 1])
        #expect(history.best("score") == nil)
        let error = #expect(throws: ModelError.self) {
            try fit(Score(prefersLarger: nil), [EarlyStopping(monitor: "score")], [2, 3])
        }
        #expect(error?.description.contains("say mode: .maximum or mode: .minimum") == true)
    }
}
