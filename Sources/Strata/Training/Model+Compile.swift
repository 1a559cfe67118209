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
    /// - Throws: a ``ModelError`` where the model has several outputs.
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
    /// - Throws: a ``ModelError`` where an array does not have one element for each output.
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
        let compilation = Compilation(
            optimizer: optimizer, losses: losses,
            lossWeights: lossWeights ?? losses.map { _ in 1 },
            metrics: metrics ?? losses.map { _ in [] },
            weightedMetrics: weightedMetrics ?? losses.map { _ in [] })
        try compilation.checkReadable()
        self.compilation = compilation
        runners = StepRunnerCache()
    }

    /// Whether ``compile(optimizer:loss:metrics:weightedMetrics:)`` was called.
    public var isCompiled: Bool { compilation != nil }

    /// The optimizer that the model was compiled with.
    public var optimizer: (any Optimizer)? { compilation?.optimizer }

    /// The step size of the next training step; `nil` before the model was compiled.
    ///
    /// Setting it holds until a schedule, if there is one, sets the next.
    public var learningRate: Float? {
        get {
            guard let compilation else { return nil }
            return compilation.optimizerState?.learningRate.value.scalars.first
                ?? compilation.optimizer.learningRate.value(step: 0)
        }
        set {
            guard let newValue, compilation != nil else { return }
            prepareTraining()
            compilation?.optimizerState?.learningRate.assign(Tensor(newValue))
        }
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
