internal import StrataGraph

/// The losses and metrics of one step, for the trackers of the epoch.
struct Tracking {
    /// Of each output; of several ranks' batch, this rank's terms.
    let losses: [SymbolicTensor?]
    let total: SymbolicTensor
    let batch: StepGraph.Batch
    /// The number of samples.
    let rows: Int

    /// Adds the new states and values of trackers to a step's results.
    func gather(_ trackers: [Compilation.Tracker], into results: inout StepGraph.Results) {
        for tracker in trackers {
            let state = tracker.state.map { SymbolicTensor.variable($0) }
            let new: [SymbolicTensor]
            if let loss = loss(tracker) {
                new = [state[0] + loss * Float(rows), state[1] + Float(rows)]
            } else {
                new = updated(state, tracker)
            }
            add(tracker, new, to: &results)
        }
    }

    /// The same over all ranks, which the step's other values of all ranks go with: statistics of
    /// layers, and whether one of the ranks is to stop.
    ///
    /// A metric's state is a sum over samples, so that the sum over ranks of what they add to nothing
    /// is what one rank would add.
    ///
    /// - Parameter variables: the statistics that layers update, of which all ranks get the mean.
    func gather(
        _ trackers: [Compilation.Tracker], into results: inout StepGraph.Results,
        over ranks: GlobalBatch, statistics variables: Set<Variable>
    ) {
        var terms = trackers.flatMap { tracker in
            if let loss = loss(tracker) { return [loss] }
            let nothing = tracker.state.map { variable in
                SymbolicTensor.constant(0).broadcast(to: Shape(variable.shape))
                    .cast(to: variable.dtype)
            }
            return updated(nothing, tracker).map { ranks.terms($0.cast(to: .float32)) }
        }
        let statistics = results.updates.indices.filter { index in
            let (variable, value) = results.updates[index]
            return variables.contains(variable) && value.dtype.isFloatingPoint
        }
        terms += statistics.map { ranks.termOfMean(ofRanks: results.updates[$0].value) }
        terms.append(ranks.interruption)
        var sums = ranks.sum(terms)[...]
        for tracker in trackers {
            let state = tracker.state.map { SymbolicTensor.variable($0) }
            if loss(tracker) != nil {
                let count = ranks.elementCount(rows)
                let loss = sums.removeFirst()
                add(tracker, [state[0] + loss * count, state[1] + count], to: &results)
            } else {
                let added = sums.prefix(state.count)
                sums = sums.dropFirst(state.count)
                let new = zip(state, added).map { $0 + $1.cast(to: $0.dtype) }
                add(tracker, new, to: &results)
            }
        }
        for index in statistics {
            let dtype = results.updates[index].value.dtype
            results.updates[index].value = sums.removeFirst().cast(to: dtype)
        }
        results.interruption = sums.first
    }

    private func add(
        _ tracker: Compilation.Tracker, _ new: [SymbolicTensor],
        to results: inout StepGraph.Results
    ) {
        results.gathered += zip(tracker.state, new).map { ($0, $1) }
        if case .metric(let metric, _, _) = tracker.quantity {
            results.logs.append(metric.result(new))
        } else {
            results.logs.append(new[0] / new[1])
        }
    }

    /// The loss that is tracked; `nil` for a metric.
    private func loss(_ tracker: Compilation.Tracker) -> SymbolicTensor? {
        switch tracker.quantity {
        case .loss: total
        case .outputLoss(let output): losses[output] ?? .constant(0)
        case .metric: nil
        }
    }

    /// The state of a tracker of a metric after the step.
    private func updated(_ state: [SymbolicTensor], _ tracker: Compilation.Tracker)
        -> [SymbolicTensor]
    {
        guard case .metric(let metric, let output, let isWeighted) = tracker.quantity else {
            return state
        }
        var weight = isWeighted ? batch.weights[output] : nil
        // As in Keras, only means of values use masks.
        if metric is any MeanMetric, let mask = batch.masks[output] {
            weight = .weight(weight?.cast(to: .float32), times: mask)
        }
        return metric.updatedState(
            state, targets: batch.targets[output], predictions: batch.predictions[output],
            sampleWeight: weight)
    }
}
