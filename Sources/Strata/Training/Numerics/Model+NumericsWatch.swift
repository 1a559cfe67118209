internal import StrataGraph

extension Model {
    /// Runs a step; where it gives a loss, a prediction or a variable that is not finite, takes it
    /// back and finds the origin.
    ///
    /// - Parameter feed: gives the step's inputs to a runner.
    /// - Throws: a ``NumericsError``.
    func runWatching(
        _ runner: StepRunner, _ step: StepGraph, feed: @escaping (StepRunner) -> Void
    ) throws {
        let variables = runner.updatedVariables
        var watch = numericsWatch
        try watch.look(at: variables)
        let before = watch
        try runner.run()
        try watch.look(at: variables)
        guard let (quantity, value) = notFinite(runner, step.mode, watch) else {
            numericsWatch = watch
            return
        }
        watch = before
        try watch.restore(variables)
        numericsWatch = watch
        throw NumericsError(
            quantity: quantity, value: value,
            origin: try NumericsDiagnosis(step, feed: feed).origin())
    }

    private func notFinite(
        _ runner: StepRunner, _ mode: StepGraph.Mode, _ watch: NumericsWatch
    ) -> (quantity: String, value: Float)? {
        if mode == .predict {
            let found = runner.outputTensors.lazy.compactMap(\.firstNotFinite).first
            return found.map { ("the prediction", $0.value) }
        }
        let loss = runner.scalar(0)
        if !loss.isFinite { return ("the loss", loss) }
        let metrics = Set((compilation?.trackers ?? []).flatMap(\.state))
        let changed = runner.updatedVariables.filter { !metrics.contains($0) }
        return watch.firstNotFinite(changed).map {
            ("the new value of \(WeightNames(self).sentence($0.variable))", $0.value)
        }
    }
}
