// Keras's short names of losses, 3.15.1 `keras.losses.get`; a loss is then also called so.

extension Loss where Self == MeanSquaredError {
    /// ``MeanSquaredError`` by its short name.
    public static var mse: MeanSquaredError { MeanSquaredError(name: "mse") }
}

extension Loss where Self == MeanAbsoluteError {
    /// ``MeanAbsoluteError`` by its short name.
    public static var mae: MeanAbsoluteError { MeanAbsoluteError(name: "mae") }
}

extension Loss where Self == MeanAbsolutePercentageError {
    /// ``MeanAbsolutePercentageError`` by its short name.
    public static var mape: MeanAbsolutePercentageError {
        MeanAbsolutePercentageError(name: "mape")
    }
}

extension Loss where Self == MeanSquaredLogarithmicError {
    /// ``MeanSquaredLogarithmicError`` by its short name.
    public static var msle: MeanSquaredLogarithmicError {
        MeanSquaredLogarithmicError(name: "msle")
    }
}

extension Loss where Self == BinaryCrossentropy {
    /// ``BinaryCrossentropy`` by its short name.
    public static var bce: BinaryCrossentropy { BinaryCrossentropy(name: "bce") }
}

extension Loss where Self == KLDivergence {
    /// ``KLDivergence`` by its short name.
    public static var kld: KLDivergence { KLDivergence(name: "kld") }
}

// With their defaults.

extension Loss where Self == Huber {
    /// ``Huber`` with Keras's defaults.
    public static var huber: Huber { Huber() }
}

extension Loss where Self == Dice {
    /// ``Dice`` with Keras's defaults.
    public static var dice: Dice { Dice() }
}

extension Loss where Self == Tversky {
    /// ``Tversky`` with Keras's defaults.
    public static var tversky: Tversky { Tversky() }
}

extension Loss where Self == Circle {
    /// ``Circle`` with Keras's defaults.
    public static var circle: Circle { Circle() }
}

extension Loss where Self == CosineSimilarity {
    /// ``CosineSimilarity`` with Keras's defaults.
    public static var cosineSimilarity: CosineSimilarity { CosineSimilarity() }
}

extension Loss where Self == BinaryFocalCrossentropy {
    /// ``BinaryFocalCrossentropy`` with Keras's defaults.
    public static var binaryFocalCrossentropy: BinaryFocalCrossentropy { BinaryFocalCrossentropy() }
}

extension Loss where Self == CategoricalFocalCrossentropy {
    /// ``CategoricalFocalCrossentropy`` with Keras's defaults.
    public static var categoricalFocalCrossentropy: CategoricalFocalCrossentropy {
        CategoricalFocalCrossentropy()
    }
}

extension Loss where Self == CategoricalGeneralizedCrossEntropy {
    /// ``CategoricalGeneralizedCrossEntropy`` with Keras's defaults.
    public static var categoricalGeneralizedCrossEntropy: CategoricalGeneralizedCrossEntropy {
        CategoricalGeneralizedCrossEntropy()
    }
}
