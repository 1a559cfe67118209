/// The metrics by Keras's class names; **one line each**.
package enum MetricRegistry {
    static let custom = CustomClasses<any Metric.Type>()

    package static let types: [any Metric.Type] = [
        AUC.self,
        Accuracy.self,
        BinaryAccuracy.self,
        BinaryCrossentropyMetric.self,
        BinaryIoU.self,
        CategoricalAccuracy.self,
        CategoricalCrossentropyMetric.self,
        CategoricalHingeMetric.self,
        ConcordanceCorrelation.self,
        CosineSimilarityMetric.self,
        F1Score.self,
        FBetaScore.self,
        FalseNegatives.self,
        FalsePositives.self,
        HingeMetric.self,
        IoU.self,
        KLDivergenceMetric.self,
        LogCoshError.self,
        Mean.self,
        MeanAbsoluteErrorMetric.self,
        MeanAbsolutePercentageErrorMetric.self,
        MeanIoU.self,
        MeanSquaredErrorMetric.self,
        MeanSquaredLogarithmicErrorMetric.self,
        OneHotIoU.self,
        OneHotMeanIoU.self,
        PearsonCorrelation.self,
        PoissonMetric.self,
        Precision.self,
        PrecisionAtRecall.self,
        R2Score.self,
        Recall.self,
        RecallAtPrecision.self,
        RootMeanSquaredError.self,
        SensitivityAtSpecificity.self,
        SparseCategoricalAccuracy.self,
        SparseCategoricalCrossentropyMetric.self,
        SparseTopKCategoricalAccuracy.self,
        SpecificityAtSensitivity.self,
        SquaredHingeMetric.self,
        Sum.self,
        TopKCategoricalAccuracy.self,
        TrueNegatives.self,
        TruePositives.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    static let aliases = [
        "bce": "BinaryCrossentropy", "BCE": "BinaryCrossentropy",
        "mae": "MeanAbsoluteError", "MAE": "MeanAbsoluteError",
        "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
        "mse": "MeanSquaredError", "MSE": "MeanSquaredError",
        "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
    ]

    /// The metric for an object or a name such as `"mse"`, which then is its name too.
    package static func metric(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Metric
    {
        let object = try SerializedObject(named: value, path: path)
        if object.isNameOnly, ["accuracy", "acc"].contains(object.className.lowercased()) {
            return AccuracyOfShapes(name: object.className)
        }
        let type: any Metric.Type = try object.find(
            in: named, custom, aliases: aliases, kind: "metric", path: path
        )
        var metric = try type.init(configuration: object.configuration(path: path))
        if object.isNameOnly { metric.name = object.className }
        return metric
    }
}
