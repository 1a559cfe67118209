// Keras's short names of metrics, 3.15.1 `keras.metrics.get`; the metric is logged by that name.

extension Metric where Self == MeanSquaredErrorMetric {
    /// ``MeanSquaredErrorMetric`` by its short name.
    public static var mse: MeanSquaredErrorMetric { MeanSquaredErrorMetric(name: "mse") }
}

extension Metric where Self == MeanAbsoluteErrorMetric {
    /// ``MeanAbsoluteErrorMetric`` by its short name.
    public static var mae: MeanAbsoluteErrorMetric { MeanAbsoluteErrorMetric(name: "mae") }
}

extension Metric where Self == MeanAbsolutePercentageErrorMetric {
    /// ``MeanAbsolutePercentageErrorMetric`` by its short name.
    public static var mape: MeanAbsolutePercentageErrorMetric {
        MeanAbsolutePercentageErrorMetric(name: "mape")
    }
}

extension Metric where Self == MeanSquaredLogarithmicErrorMetric {
    /// ``MeanSquaredLogarithmicErrorMetric`` by its short name.
    public static var msle: MeanSquaredLogarithmicErrorMetric {
        MeanSquaredLogarithmicErrorMetric(name: "msle")
    }
}

extension Metric where Self == BinaryCrossentropyMetric {
    /// ``BinaryCrossentropyMetric`` by its short name.
    public static var bce: BinaryCrossentropyMetric { BinaryCrossentropyMetric(name: "bce") }
}

extension Metric where Self == AccuracyOfShapes {
    /// ``AccuracyOfShapes`` by its short name.
    public static var acc: AccuracyOfShapes { AccuracyOfShapes(name: "acc") }
}

// With their defaults.

extension Metric where Self == Precision {
    /// ``Precision`` with Keras's defaults.
    public static var precision: Precision { Precision() }
}

extension Metric where Self == Recall {
    /// ``Recall`` with Keras's defaults.
    public static var recall: Recall { Recall() }
}

extension Metric where Self == BinaryAccuracy {
    /// ``BinaryAccuracy`` with Keras's defaults.
    public static var binaryAccuracy: BinaryAccuracy { BinaryAccuracy() }
}

extension Metric where Self == BinaryCrossentropyMetric {
    /// ``BinaryCrossentropyMetric`` with Keras's defaults.
    public static var binaryCrossentropy: BinaryCrossentropyMetric { BinaryCrossentropyMetric() }
}

extension Metric where Self == CategoricalCrossentropyMetric {
    /// ``CategoricalCrossentropyMetric`` with Keras's defaults.
    public static var categoricalCrossentropy: CategoricalCrossentropyMetric {
        CategoricalCrossentropyMetric()
    }
}

extension Metric where Self == SparseCategoricalCrossentropyMetric {
    /// ``SparseCategoricalCrossentropyMetric`` with Keras's defaults.
    public static var sparseCategoricalCrossentropy: SparseCategoricalCrossentropyMetric {
        SparseCategoricalCrossentropyMetric()
    }
}

extension Metric where Self == TopKCategoricalAccuracy {
    /// ``TopKCategoricalAccuracy`` with Keras's defaults.
    public static var topKCategoricalAccuracy: TopKCategoricalAccuracy { TopKCategoricalAccuracy() }
}

extension Metric where Self == SparseTopKCategoricalAccuracy {
    /// ``SparseTopKCategoricalAccuracy`` with Keras's defaults.
    public static var sparseTopKCategoricalAccuracy: SparseTopKCategoricalAccuracy {
        SparseTopKCategoricalAccuracy()
    }
}

extension Metric where Self == F1Score {
    /// ``F1Score`` with Keras's defaults.
    public static var f1Score: F1Score { F1Score() }
}

extension Metric where Self == CosineSimilarityMetric {
    /// ``CosineSimilarityMetric`` with Keras's defaults.
    public static var cosineSimilarity: CosineSimilarityMetric { CosineSimilarityMetric() }
}

extension Metric where Self == FalseNegatives {
    /// ``FalseNegatives`` with Keras's defaults.
    public static var falseNegatives: FalseNegatives { FalseNegatives() }
}

extension Metric where Self == FalsePositives {
    /// ``FalsePositives`` with Keras's defaults.
    public static var falsePositives: FalsePositives { FalsePositives() }
}

extension Metric where Self == TrueNegatives {
    /// ``TrueNegatives`` with Keras's defaults.
    public static var trueNegatives: TrueNegatives { TrueNegatives() }
}

extension Metric where Self == TruePositives {
    /// ``TruePositives`` with Keras's defaults.
    public static var truePositives: TruePositives { TruePositives() }
}
