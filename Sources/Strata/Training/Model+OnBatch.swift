extension Model {
    /// One training step on all of the samples.
    ///
    /// The logs are those of these samples only: metrics are reset before, as in Keras 3.15.1.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`.
    ///   - y: the targets.
    ///   - sampleWeight: the weight of each sample in the loss, `[count]`.
    ///   - classWeight: the weight of each class in the loss.
    /// - Returns: values by name: `loss`, `accuracy`.
    /// - Throws: a ``ModelError`` if the data does not fit.
    @discardableResult
    public func trainOnBatch(
        _ x: Tensor, _ y: Tensor, sampleWeight: Tensor? = nil, classWeight: [Int: Float]? = nil
    ) throws -> Logs {
        try trainOnBatch([x], [y], sampleWeight: sampleWeight, classWeight: classWeight)
    }

    /// One training step of a model with several inputs or outputs.
    @discardableResult
    public func trainOnBatch(
        _ x: [Tensor], _ y: [Tensor], sampleWeight: Tensor? = nil,
        classWeight: [Int: Float]? = nil
    ) throws -> Logs {
        let data = try TrainingData(
            x, y, sampleWeight: sampleWeight, classWeight: classWeight, for: self)
        return try runOnce(data, .train)
    }

    /// The loss and the metrics of all of the samples in one step.
    ///
    /// The logs are those of these samples only: metrics are reset before, as in Keras 3.15.1.
    @discardableResult
    public func testOnBatch(_ x: Tensor, _ y: Tensor, sampleWeight: Tensor? = nil) throws -> Logs {
        try testOnBatch([x], [y], sampleWeight: sampleWeight)
    }

    /// The loss and the metrics of a model with several inputs or outputs in one step.
    @discardableResult
    public func testOnBatch(_ x: [Tensor], _ y: [Tensor], sampleWeight: Tensor? = nil) throws
        -> Logs
    {
        let data = try TrainingData(
            x, y, sampleWeight: sampleWeight, for: self)
        return try runOnce(data, .test)
    }

    private func runOnce(_ data: TrainingData, _ mode: StepGraph.Mode) throws -> Logs {
        try during(.computing) {
            if mode == .train { try prepareTraining() }
            prepareTrackers(data)
            try together { try agreeOnce(on: data) }
            try resetMetrics()
            return try together {
                gathered(try run(mode, StepData(data: data, rows: Array(0..<data.count)[...])))
            }
        }
    }
}
