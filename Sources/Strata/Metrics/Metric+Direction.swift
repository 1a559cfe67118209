extension Metric {
    /// Whether larger values are better; `nil` if that depends on the measured quantity.
    ///
    /// Callbacks that monitor the metric use it. Keras 3.15.1 has it as `_direction`.
    public var prefersLarger: Bool? { metricDirections[Self.className] }
}

/// Whether larger values are better, by the names of classes.
let metricDirections: [String: Bool] = {
    let larger = [
        "AUC", "Accuracy", "BinaryAccuracy", "BinaryIoU", "CategoricalAccuracy",
        "ConcordanceCorrelation", "CosineSimilarity", "F1Score", "FBetaScore", "IoU", "MeanIoU",
        "OneHotIoU", "OneHotMeanIoU", "PearsonCorrelation", "Precision", "PrecisionAtRecall",
        "R2Score", "Recall", "RecallAtPrecision", "SensitivityAtSpecificity",
        "SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SpecificityAtSensitivity",
        "TopKCategoricalAccuracy",
    ]
    let smaller = [
        "BinaryCrossentropy", "CategoricalCrossentropy", "CategoricalHinge", "Hinge",
        "KLDivergence", "LogCoshError", "MeanAbsoluteError", "MeanAbsolutePercentageError",
        "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson", "RootMeanSquaredError",
        "SparseCategoricalCrossentropy", "SquaredHinge",
    ]
    return Dictionary(
        uniqueKeysWithValues: larger.map { ($0, true) } + smaller.map { ($0, false) })
}()
