internal import StrataGraph

/// Builds the graph of one step of a model: the forward pass and, for training, everything up to
/// new weights.
struct StepGraph {
    enum Mode: Hashable {
        case train
        case test
        case predict
    }

    let model: Model
    let mode: Mode
    let inputs: [TensorType]
    let targets: [TensorType]
    /// The type of the sample weights of each output, if it has any.
    let weights: [TensorType?]

    /// The names of the graph's inputs.
    static func inputName(_ index: Int) -> String { "x\(index)" }
    static func targetName(_ index: Int) -> String { "y\(index)" }
    static func weightName(_ index: Int) -> String { "w\(index)" }

    /// - Throws: a ``GraphError`` if a layer does not accept the shapes, or a loss cannot compare
    ///   targets and predictions.
    func make() throws -> Graph {
        let results = try results()
        guard mode != .predict else { return try Graph(outputs: results.predictions) }
        return try Graph(
            outputs: results.logs + (results.interruption.map { [$0] } ?? []),
            updates: results.updates + results.gathered)
    }

    /// What a step computes.
    struct Results {
        var predictions: [SymbolicTensor]
        /// The loss with all penalties; `nil` in a prediction.
        var total: SymbolicTensor?
        /// The new values of weights, statistics and the optimizer's variables.
        var updates: [(variable: Variable, value: SymbolicTensor)] = []
        /// The new state of the trackers.
        var gathered: [(variable: Variable, value: SymbolicTensor)] = []
        var logs: [SymbolicTensor] = []
        /// How many of several ranks were asked to stop.
        var interruption: SymbolicTensor?
    }

    /// Traces the step.
    ///
    /// - Parameter origins: receives the places of the operations.
    /// - Throws: as ``make()``.
    func results(noting origins: NodeOrigins? = nil) throws -> Results {
        let rows = inputs.first?.shape[0] ?? 1
        let ranks = mode == .predict ? nil : model.ranks.map { GlobalBatch($0, rows: rows) }
        let context = CallContext(
            isTraining: mode == .train, step: model.stepCounter, ranks: ranks)
        context.origins = origins
        let (predictions, masks) = try forward(context)
        origins?.note(predictions, as: NodeOrigins.Place(pass: .forward))
        var results = Results(predictions: predictions)
        guard mode != .predict else { return results }
        guard let compilation = model.compilation, let trackers = compilation.trackers else {
            throw ModelError(.notCompiled(call: "training"))
        }
        let batch = Batch(
            targets: targets.enumerated().map {
                .input(StepGraph.targetName($0), $1.shape, dtype: $1.dtype)
            },
            predictions: predictions, masks: masks,
            weights: weights.enumerated().map { index, type in
                type.map { .input(StepGraph.weightName(index), $0.shape, dtype: $0.dtype) }
            })
        let losses = try self.losses(compilation, batch, ranks)
        let total = total(losses, compilation, context)
        results.total = total
        origins?.note([total], as: NodeOrigins.Place(pass: .loss))
        if mode == .train { results.updates = try training(total, compilation, context) }
        let tracking = Tracking(losses: losses, total: total, batch: batch, rows: rows)
        if let ranks {
            tracking.gather(
                trackers, into: &results, over: ranks,
                statistics: Set(context.updates.map(\.variable)))
        } else {
            tracking.gather(trackers, into: &results)
        }
        return results
    }

    /// The weighted losses and all penalties; of several ranks' batch, this rank's term.
    private func total(
        _ losses: [SymbolicTensor?], _ compilation: Compilation, _ context: CallContext
    ) -> SymbolicTensor {
        var total = SymbolicTensor.constant(0)
        for (loss, weight) in zip(losses, compilation.lossWeights) {
            if let loss { total = total + loss * weight }
        }
        for penalty in model.weightPenalties(context) {
            let own = penalty.cast(to: .float32)
            total = total + (context.ranks.map { own / Float($0.rankCount) } ?? own)
        }
        for penalty in context.penalties {
            let own = penalty.cast(to: .float32)
            total = total + (context.ranks?.termOfMean(ofRanks: own) ?? own)
        }
        return total
    }

    /// The data of a step as its graph sees them.
    struct Batch {
        let targets: [SymbolicTensor]
        let predictions: [SymbolicTensor]
        let masks: [SymbolicTensor?]
        let weights: [SymbolicTensor?]
    }

    private func forward(_ context: CallContext) throws -> (
        predictions: [SymbolicTensor], masks: [SymbolicTensor?]
    ) {
        let fed = zip(model.inputs, inputs.enumerated()).map { input, entry in
            let (index, type) = entry
            let data = SymbolicTensor.input(
                StepGraph.inputName(index), type.shape, dtype: type.dtype)
            let shape = input.shape.rank == type.shape.rank ? nil : input.shape.fitting(type.shape)
            return (shape.map { data.reshaped($0) } ?? data).cast(to: input.dtype)
        }
        let outputs = model.call(fed, context)
        if let error = outputs.compactMap(\.error).first { throw error }
        return (outputs.map { $0.cast(to: .float32) }, outputs.map { context.mask(of: $0) })
    }

    private func losses(
        _ compilation: Compilation, _ batch: Batch, _ ranks: GlobalBatch?
    ) throws -> [SymbolicTensor?] {
        try compilation.losses.enumerated().map { index, loss in
            guard let loss else { return nil }
            let (target, prediction) = (batch.targets[index], batch.predictions[index])
            let value = loss.value(
                target, prediction, sampleWeight: batch.weights[index], mask: batch.masks[index],
                ranks: ranks)
            if var error = value.error {
                error.layer = error.layer ?? "the loss of \(model.outputNames[index])"
                throw error
            }
            return value.rank == 0 ? value : value.mean()
        }
    }

    private func training(
        _ total: SymbolicTensor, _ compilation: Compilation, _ context: CallContext
    ) throws -> [(variable: Variable, value: SymbolicTensor)] {
        guard let state = compilation.optimizerState else {
            throw ModelError(.notCompiled(call: "training"))
        }
        let variables = state.weights
        let values = variables.map { context.value(of: $0) }
        let origins = context.origins
        var gradients = state.scaled(total, compilation.optimizer).gradients(
            withRespectTo: values,
            noting: origins.map { origins in { origins.noteGradient(of: $0, $1) } })
        if let error = gradients.compactMap(\.error).first { throw error }
        if let ranks = context.ranks { gradients = ranks.sum(gradients: gradients) }
        let constraints = model.allConstraints
        var updates = state.updates(
            compilation.optimizer,
            weights: zip(variables, zip(values, gradients)).map {
                ($0, $1.0, $1.1.cast(to: .float32))
            })
        for (index, update) in updates.enumerated() {
            if let constraint = constraints[update.variable] {
                updates[index].value = constraint.constrained(update.value)
            }
        }
        let step = SymbolicTensor.variable(model.stepCounter)
        let one = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        updates += context.updates
        if let origins { note(updates, origins) }
        return updates + [(model.stepCounter, step + one)]
    }

    private func note(
        _ updates: [(variable: Variable, value: SymbolicTensor)], _ origins: NodeOrigins
    ) {
        let names = WeightNames(model)
        for (variable, value) in updates {
            let (layer, weight) = names[variable]
            origins.note(
                [value], as: NodeOrigins.Place(pass: .update, layer: layer, weight: weight))
        }
    }
}

extension Layer {
    /// The penalties of all weights, including those of inner layers.
    fileprivate func weightPenalties(_ context: CallContext) -> [SymbolicTensor] {
        regularizers.map { $0.regularizer.penalty(context.value(of: $0.variable)) }
            + sublayers.flatMap { $0.weightPenalties(context) }
    }

    /// The constraints of all weights, including those of inner layers.
    var allConstraints: [Variable: any Constraint] {
        sublayers.reduce(constraints) { all, layer in
            all.merging(layer.allConstraints) { own, _ in own }
        }
    }
}

extension Shape {
    /// The shape for data that has one trailing axis of length 1 more or less, as Keras allows.
    func fitting(_ data: Shape) -> Shape? {
        if data.rank == rank - 1, self[-1] == 1 { return Shape(data.dimensions + [1]) }
        if data.rank == rank + 1, data[-1] == 1 {
            return Shape(Array(data.dimensions.dropLast()))
        }
        return nil
    }
}
