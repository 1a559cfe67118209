/// The losses by Keras's class names; **one line each**.
package enum LossRegistry {
    static let custom = CustomClasses<any Loss.Type>()

    package static let types: [any Loss.Type] = [
        BinaryCrossentropy.self,
        BinaryFocalCrossentropy.self,
        CTC.self,
        CategoricalCrossentropy.self,
        CategoricalFocalCrossentropy.self,
        CategoricalGeneralizedCrossEntropy.self,
        CategoricalHinge.self,
        Circle.self,
        CosineSimilarity.self,
        Dice.self,
        Hinge.self,
        Huber.self,
        KLDivergence.self,
        LogCosh.self,
        MeanAbsoluteError.self,
        MeanAbsolutePercentageError.self,
        MeanSquaredError.self,
        MeanSquaredLogarithmicError.self,
        Poisson.self,
        SparseCategoricalCrossentropy.self,
        SquaredHinge.self,
        Tversky.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    private static let aliases = [
        "bce": "BinaryCrossentropy", "BCE": "BinaryCrossentropy",
        "kld": "KLDivergence", "KLD": "KLDivergence",
        "mae": "MeanAbsoluteError", "MAE": "MeanAbsoluteError",
        "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
        "mse": "MeanSquaredError", "MSE": "MeanSquaredError",
        "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
    ]

    /// The loss for an object or a name such as `"mse"`, which then is its name too.
    package static func loss(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Loss
    {
        let object = try SerializedObject(named: value, path: path)
        if object.isNameOnly, ["crossentropy", "ce"].contains(object.className.lowercased()) {
            return CrossentropyOfShapes(name: object.className)
        }
        let type: any Loss.Type = try object.find(
            in: named, custom, aliases: aliases, kind: "loss", path: path
        )
        var loss = try type.init(configuration: object.configuration(path: path))
        if object.isNameOnly { loss.name = object.className }
        return loss
    }
}

extension Configuration {
    /// Keras's `name`.
    func name(default fallback: String) throws(ConfigurationError) -> String {
        try string("name", default: fallback)
    }

    /// Keras's `reduction`, which may be null for none.
    func reduction() throws(ConfigurationError) -> LossReduction {
        if members["reduction"] == .null { return .none }
        return try choice("reduction", default: .sumOverBatchSize)
    }
}
