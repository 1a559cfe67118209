internal import Strata

/// A network and how it is trained, from which both the model and its Swift source follow.
struct NetworkDescription: Sendable, Hashable {
    /// The shape of an image, `[height, width, channels]`.
    var inputShape: [Int]
    var layers: [NetworkLayer]
    var optimizer: NetworkOptimizer
    var batchSize: Int
    var epochs: Int
}

extension NetworkDescription {
    /// A compiled model.
    ///
    /// - Throws: a `GraphError` if the image is too small for the layers.
    func model() throws -> Model {
        let model = try Sequential {
            Input(shape: Shape(inputShape))
            for layer in layers { layer.layer }
        }
        try model.compile(
            optimizer: optimizer.optimizer, loss: .sparseCategoricalCrossentropy,
            metrics: [.accuracy])
        return model
    }

    /// A program that builds and trains the model, and saves it.
    func source(_ data: ProgramData) -> String {
        let size = inputShape.map(String.init).joined(separator: ", ")
        let layers = layers.map { "    \($0.source)\n" }.joined()
        let schedule = optimizer.scheduleSource.map { $0 + "\n" } ?? ""
        return """
            import Strata

            \(data.loading(imageSize: inputShape, batchSize: batchSize))

            let model = try Sequential {
                Input(shape: [\(size)])
            \(layers)}
            \(schedule)try model.compile(
                optimizer: \(optimizer.source),
                loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
            \(data.fit(batchSize: batchSize, epochs: epochs))
            try model.save("model.keras")

            """
    }
}
