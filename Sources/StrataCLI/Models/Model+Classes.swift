import Strata

/// Image classifiers.
extension Model {
    /// The number of classes; a single output is two classes.
    ///
    /// - Throws: a ``ModelError`` unless the model has one image as its input and one row as its
    ///   output.
    func classCount() throws -> Int {
        try ClassScores.classCount(inputs: inputShapes, outputs: outputShapes)
    }

    /// Compiles the model for a data set's labels, unless it is compiled for them already.
    ///
    /// - Returns: whether the model had to be compiled.
    @discardableResult
    func prepareForClasses(
        _ data: LabelledImages, learningRate: Float? = nil
    ) throws -> Bool {
        let count = try classCount()
        guard outputShapes[0][1] == count else {
            throw Failure(
                "the model gives one number for each picture, but \(data.classNames.count) classes "
                    + "are to be told apart; let it end in Dense(\(data.classNames.count))", .data)
        }
        let first = data[0..<1]
        if isCompiled,
            (try? evaluate(first.x, first.y, verbose: .silent))?["accuracy"] != nil
        {
            if let learningRate { self.learningRate = learningRate }
            return false
        }
        let scores = try predictOnBatch(data[0..<min(data.count, 32)].x)
        try compile(
            optimizer: Adam(learningRate: learningRate ?? 1e-3),
            loss: .sparseCategoricalCrossentropy(fromLogits: !scores.isDistribution),
            metrics: [.accuracy])
        return true
    }

    /// The class probabilities for one image, whatever the model's last activation.
    ///
    /// - Parameter name: the image's, in errors.
    func probabilities(_ picture: Tensor, of name: String) throws -> [Float] {
        try ClassScores.probabilities(
            try predictOnBatch(picture.reshaped([1] + picture.shape)).scalars[...], of: name)
    }
}

extension Tensor {
    /// Whether every row is a distribution.
    fileprivate var isDistribution: Bool {
        guard rank == 2, shape[1] > 0 else { return false }
        let values = scalars
        return (0..<shape[0]).allSatisfy { row in
            ClassScores.isDistribution(values[row * shape[1]..<(row + 1) * shape[1]])
        }
    }
}
