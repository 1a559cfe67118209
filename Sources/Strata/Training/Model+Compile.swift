extension Model {
    /// Says by which rule and towards what the model is trained.
    ///
    /// ```swift
    /// try model.compile(
    ///     optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    /// ```
    ///
    /// - Parameters:
    ///   - optimizer: the rule for new weights.
    ///   - loss: what training makes small.
    ///   - metrics: what else is shown; every sample counts alike.
    ///   - weightedMetrics: what else is shown, with samples weighed as in the loss.
    /// - Throws: a ``ModelError`` where the model has several outputs, or an argument of the optimizer, its
    ///   schedule, the loss or a metric is out of its range.
    public func compile(
        optimizer: any Optimizer, loss: any Loss, metrics: [any Metric] = [],
        weightedMetrics: [any Metric] = []
    ) throws {
        try compile(
            optimizer: optimizer, losses: [loss], metrics: [metrics],
            weightedMetrics: [weightedMetrics])
    }

    /// Says by which rule and towards what a model with several outputs is trained.
    ///
    /// - Parameters:
    ///   - optimizer: the rule for new weights.
    ///   - losses: one for each output, `nil` for an output that is not trained.
    ///   - lossWeights: by what each loss is multiplied in the total; 1 if left out.
    ///   - metrics: for each output what else is shown; none if left out.
    ///   - weightedMetrics: the same, with samples weighed as in the loss.
    /// - Throws: a ``ModelError`` where an array does not have one element for each output, or an argument of the
    ///   optimizer, its schedule, a loss or a metric is out of its range.
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
            runners = StepRunnerCache()
        }
    }

    /// Whether ``compile(optimizer:loss:metrics:weightedMetrics:)`` was called.
    public var isCompiled: Bool { compilation != nil }

    /// The optimizer that the model was compiled with.
    public var optimizer: (any Optimizer)? { compilation?.optimizer }

    /// The step size of the next training step; `nil` before the model was compiled.
    ///
    /// A rate that cannot be set (see ``setLearningRate(_:)``) is an error that the next step of training throws.
    public var learningRate: Float? {
        get {
            guard let compilation else { return nil }
            return compilation.optimizerState?.learningRate.value.scalars.first
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

    /// Sets the step size of the training steps to come.
    ///
    /// - Throws: a ``ModelError`` where the rate is negative or not finite, where the model is not compiled, or
    ///   where its optimizer follows a schedule, which sets the rate before every step.
    public func setLearningRate(_ rate: Double) throws(ModelError) {
        guard let compilation else { throw ModelError(.notCompiled(call: "setLearningRate")) }
        let current = compilation.optimizer.inner.learningRate
        if let refusal = current.settingError("the learning rate") { throw refusal }
        let rate = Float(rate)
        try LearningRate.check(rate, "the learning rate")
        prepareTraining()
        self.compilation?.optimizerState?.learningRate.assign(Tensor(rate))
        self.compilation?.refusedLearningRate = nil
    }

    /// The optimizer's variables, once it has some.
    var optimizerVariables: [Variable] { compilation?.optimizerState?.variables ?? [] }

    /// Forgets what metrics gathered.
    public func resetMetrics() {
        for tracker in compilation?.trackers ?? [] { tracker.reset() }
    }

    /// Makes the optimizer's variables, if there are none for these weights.
    func prepareTraining() {
        guard let compilation else { return }
        let weights = trainableWeights
        if compilation.optimizerState?.weights != weights {
            self.compilation?.optimizerState = OptimizerState(
                compilation.optimizer, weights: weights)
            runners = StepRunnerCache()
        }
    }

    /// Makes what is gathered over an epoch, if it is not there.
    func prepareTrackers(_ data: TrainingData) {
        guard let compilation, compilation.trackers == nil else { return }
        self.compilation?.trackers = compilation.makeTrackers(
            targets: data.targets.map { Shape([nil] + $0.shape.dropFirst().map { Optional($0) }) },
            predictions: outputShapes, names: outputNames)
    }
}
