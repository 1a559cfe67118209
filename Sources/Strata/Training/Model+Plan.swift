extension Model {
    /// The plan of a step as text: its calls with their layouts, and the memory.
    ///
    /// - Parameters:
    ///   - isTraining: whether it is a training step instead of a prediction.
    ///   - batchSize: samples in the step, 1 or more.
    /// - Returns: a line for each call.
    /// - Throws: a ``ModelError`` for a training step of a model that is not compiled, or if the
    ///   model's input size is open; a ``GraphError`` if the model does not accept the shape.
    public func planDescription(isTraining: Bool = false, batchSize: Int = 1) throws -> String {
        try Model.check(positive: [("batchSize", batchSize)])
        guard !inputs.isEmpty else { throw ModelError(.unbuilt(model: name)) }
        let x = try inputs.map { input in
            Tensor.zeros(try samples(input.shape, batchSize), dtype: input.dtype)
        }
        guard isTraining else {
            let types = x.map { $0.type(rows: batchSize) }
            return try during(.computing) {
                try runner(.predict, inputs: types).planDescription
            }
        }
        guard let compilation else { throw ModelError(.notCompiled(call: "training")) }
        let y = try zip(compilation.losses, outputShapes).map { loss, shape in
            let shape = try samples(shape, batchSize)
            return loss is SparseCategoricalCrossentropy
                ? Tensor.zeros(shape.dropLast(), dtype: .int32) : Tensor.zeros(shape)
        }
        let data = try TrainingData(x, y, for: self)
        return try during(.computing) {
            try prepareTraining()
            prepareTrackers(data)
            let runner = try runner(
                .train, inputs: data.inputs.map { $0.type(rows: batchSize) },
                targets: data.targets.map { $0.type(rows: batchSize) },
                weights: data.weights.map { $0?.type(rows: batchSize) })
            return runner.planDescription
        }
    }

    /// The shape of a batch.
    private func samples(_ shape: Shape, _ batchSize: Int) throws -> [Int] {
        guard let sizes = Shape(Array(shape.dimensions.dropFirst())).known else {
            throw ModelError(
                .invalidArgument(
                    "a plan is for one size of picture, but the model takes any: \(shape)",
                    fix: "use a model whose input has a fixed size"))
        }
        let most = (1 << 31) / max(sizes.reduce(1, *), 1)
        guard batchSize <= most else {
            throw ModelError(
                .invalidArgument(
                    "batchSize is \(batchSize), which no memory holds for samples of \(sizes)",
                    fix: "use at most \(most)"))
        }
        return [batchSize] + sizes
    }
}
