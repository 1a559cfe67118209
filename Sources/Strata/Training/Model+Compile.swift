extension Model {
    /// Configures the model for training: optimizer, loss and metrics.
    ///
    /// ```swift
    /// try model.compile(
    ///     optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    /// ```
    ///
    /// - Parameters:
    ///   - optimizer: the optimizer.
    ///   - loss: the loss.
    ///   - metrics: the metrics, without sample weights.
    ///   - weightedMetrics: the metrics with sample weights.
    /// - Throws: a ``ModelError`` if the model has several outputs, or an argument of the
    ///   optimizer, its schedule, the loss or a metric is out of range.
    public func compile(
        optimizer: any Optimizer, loss: any Loss, metrics: [any Metric] = [],
        weightedMetrics: [any Metric] = []
    ) throws {
        try compile(
            optimizer: optimizer, losses: [loss], metrics: [metrics],
            weightedMetrics: [weightedMetrics])
    }

    /// Configures a model with several outputs for training.
    ///
    /// - Parameters:
    ///   - optimizer: the optimizer.
    ///   - losses: one for each output; `nil` for an output that is not trained.
    ///   - lossWeights: the weight of each loss in the total; 1 if left out.
    ///   - metrics: the metrics of each output; none if left out.
    ///   - weightedMetrics: the same, with sample weights.
    /// - Throws: a ``ModelError`` if an array does not have one element for each output, or an
    ///   argument of the optimizer, its schedule, a loss or a metric is out of range.
    public func compile(
        optimizer: any Optimizer, losses: [(any Loss)?], lossWeights: [Float]? = nil,
        metrics: [[any Metric]]? = nil, weightedMetrics: [[any Metric]]? = nil
    ) throws {
        let count = wiring == nil ? 1 : outputs.count
        let lengths = [
            ("losses", losses.count), ("lossWeights", lossWeights?.count ?? count),
            ("metrics", metrics?.count ?? count),
            ("weightedMetrics", weightedMetrics?.count ?? count),
        ]
        for (name, length) in lengths where length != count {
            throw ModelError(
                .invalidArgument(
                    "\(name) has \(length) elements, but the model has \(count) outputs",
                    fix: "give one for each output"))
        }
        if let weight = lossWeights?.first(where: { !$0.isFinite }) {
            throw ModelError(
                .invalidArgument("lossWeights holds \(weight)", fix: "use finite values"))
        }
        try ArgumentRanges.check(optimizer.serialized)
        for loss in losses.compactMap(\.self) { try ArgumentRanges.check(loss.serialized) }
        for metric in ((metrics ?? []) + (weightedMetrics ?? [])).joined() {
            try ArgumentRanges.check(metric.serialized)
        }
        let compilation = Compilation(
            optimizer: optimizer, losses: losses,
            lossWeights: lossWeights ?? losses.map { _ in 1 },
            metrics: metrics ?? losses.map { _ in [] },
            weightedMetrics: weightedMetrics ?? losses.map { _ in [] })
        try compilation.checkReadable()
        try during(.computing) {
            self.compilation = compilation
            runners.removeAll()
        }
    }

    /// Whether the model is compiled.
    public var isCompiled: Bool { compilation != nil }

    /// The optimizer of the compiled model.
    public var optimizer: (any Optimizer)? { compilation?.optimizer }

    /// The learning rate of the next training step; `nil` if the model is not compiled.
    ///
    /// An invalid rate (see ``setLearningRate(_:)``) is an error of the next training step.
    public var learningRate: Float? {
        get {
            guard let compilation else { return nil }
            return compilation.optimizerState?.learningRate.hostValue?.scalars.first
                ?? compilation.optimizer.learningRate.value(step: 0)
        }
        set {
            guard let newValue else { return }
            do throws(ModelError) {
                try setLearningRate(Double(newValue))
            } catch {
                compilation?.refusedLearningRate = error
            }
        }
    }

    /// Sets the learning rate.
    ///
    /// - Throws: a ``ModelError`` if the rate is negative or not finite, if the model is not
    ///   compiled, or if its optimizer has a schedule, which sets the rate before every step.
    public func setLearningRate(_ rate: Double) throws(ModelError) {
        guard let compilation else { throw ModelError(.notCompiled(call: "setLearningRate")) }
        let current = compilation.optimizer.inner.learningRate
        if let refusal = current.settingError("the learning rate") { throw refusal }
        let rate = Float(rate)
        try LearningRate.check(rate, "the learning rate")
        try prepareTraining()
        do throws(VariableError) {
            try self.compilation?.optimizerState?.learningRate.assign(Tensor(rate))
        } catch {
            throw ModelError(error)
        }
        self.compilation?.refusedLearningRate = nil
    }

    /// The optimizer's variables, once they exist.
    package var optimizerVariables: [Variable] { compilation?.optimizerState?.variables ?? [] }

    /// Resets the metrics.
    ///
    /// - Throws: a ``VariableError`` if the engine cannot write their state.
    public func resetMetrics() throws {
        for tracker in compilation?.trackers ?? [] { try tracker.reset() }
    }

    /// Creates the optimizer's variables, if there are none for these weights.
    ///
    /// - Throws: if there is no memory for them.
    func prepareTraining() throws(ModelError) {
        guard let compilation else { return }
        let weights = trainableWeights
        if compilation.optimizerState?.weights != weights {
            let bytes = OptimizerState.byteCount(compilation.optimizer, weights: weights)
            if let problem = HostMemory.shortage("the optimizer's state", byteCount: bytes) {
                throw ModelError(.invalidArgument(problem.sentence, fix: problem.fix))
            }
            self.compilation?.optimizerState = OptimizerState(
                compilation.optimizer, weights: weights)
            runners.removeAll()
        }
    }

    /// Creates the trackers of an epoch, if there are none.
    func prepareTrackers(_ data: TrainingData) {
        guard let compilation, compilation.trackers == nil else { return }
        self.compilation?.trackers = compilation.makeTrackers(
            targets: data.targets.map { Shape([nil] + $0.shape.dropFirst().map { Optional($0) }) },
            predictions: outputShapes, names: outputNames)
    }
}
