/// The metrics by Keras's class names; **one line each**.
package enum MetricRegistry {
    package static let types: [any Metric.Type] = [
        Accuracy.self,
        BinaryAccuracy.self,
        BinaryCrossentropyMetric.self,
        CategoricalAccuracy.self,
        CategoricalCrossentropyMetric.self,
        CategoricalHingeMetric.self,
        CosineSimilarityMetric.self,
        HingeMetric.self,
        KLDivergenceMetric.self,
        LogCoshError.self,
        Mean.self,
        MeanAbsoluteErrorMetric.self,
        MeanAbsolutePercentageErrorMetric.self,
        MeanSquaredErrorMetric.self,
        MeanSquaredLogarithmicErrorMetric.self,
        PoissonMetric.self,
        RootMeanSquaredError.self,
        SparseCategoricalAccuracy.self,
        SparseCategoricalCrossentropyMetric.self,
        SparseTopKCategoricalAccuracy.self,
        SquaredHingeMetric.self,
        Sum.self,
        TopKCategoricalAccuracy.self,
    ]

    private static let aliases = [
        "bce": "BinaryCrossentropy", "BCE": "BinaryCrossentropy",
        "mae": "MeanAbsoluteError", "MAE": "MeanAbsoluteError",
        "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
        "mse": "MeanSquaredError", "MSE": "MeanSquaredError",
        "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
    ]

    /// The metric that an object or a name such as `"mse"` stands for; by a name it is also called.
    package static func metric(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Metric
    {
        let object = try SerializedObject(named: value, path: path)
        if object.isNameOnly, ["accuracy", "acc"].contains(object.className.lowercased()) {
            return AccuracyOfShapes(name: object.className)
        }
        let type: any Metric.Type = try object.find(
            in: types, aliases: aliases, kind: "metric", path: path
        ) { $0.className }
        var metric = try type.init(object.configuration(path: path))
        if object.isNameOnly { metric.name = object.className }
        return metric
    }
}
