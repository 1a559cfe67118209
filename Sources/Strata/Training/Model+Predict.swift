extension Model {
    /// Predicts for samples in memory.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`, or one sample, which is a batch of one.
    ///   - batchSize: samples in a step, 1 or more.
    ///   - verbose: how progress is shown.
    ///   - steps: the number of steps; all samples if left out.
    ///   - callbacks: called at the start and end of epochs and batches.
    /// - Returns: `float32 [count, …]`.
    /// - Throws: a ``ModelError`` if the data does not fit the model, or the model has several
    ///   outputs; a ``GraphError`` if an image is too small for the model; `CancellationError` if
    ///   the task was cancelled.
    public func predict(
        _ x: Tensor, batchSize: Int = 32, verbose: Verbosity = .silent, steps: Int? = nil,
        callbacks: [Callback] = []
    ) throws -> Tensor {
        try single(
            try predict(
                [x], batchSize: batchSize, verbose: verbose, steps: steps, callbacks: callbacks))
    }

    /// Predicts with a model with several inputs or outputs.
    ///
    /// - Returns: one tensor for each output.
    @_disfavoredOverload
    public func predict(
        _ x: [Tensor], batchSize: Int = 32, verbose: Verbosity = .silent, steps: Int? = nil,
        callbacks: [Callback] = []
    ) throws -> [Tensor] {
        try Model.check(positive: [("batchSize", batchSize), ("steps", steps ?? 1)])
        let x = try batches(of: x)
        try check(inputs: x)
        stopRequest.clear()
        let all = x[0].shape[0]
        let batchSize = min(batchSize, all)
        let (most, overflow) = batchSize.multipliedReportingOverflow(by: steps ?? all)
        let count = overflow ? all : min(all, most)
        let steps = batchCount(of: count, batchSize: batchSize)
        let rows = Array(0..<count)
        return try predictions(steps, verbose, callbacks) { step in
            let start = step * batchSize
            if start >= count { return nil }
            return { try self.predict(x, rows: rows[start..<min(start + batchSize, count)]) }
        }
    }

    /// Predicts batch after batch and concatenates the results.
    ///
    /// - Parameter batch: predicts the batch of a step; `nil` if there are no more.
    func predictions(
        _ steps: Int?, _ verbose: Verbosity, _ callbacks: [Callback],
        _ batch: (_ step: Int) throws -> (() throws -> [Tensor])?
    ) throws -> [Tensor] {
        let list = CallbackList(callbacks, model: self, steps: steps ?? 0, verbosity: verbose)
        var bar = ProgressDisplay(list.ownVerbosity(verbose), title: nil, steps: steps)
        try list.each { try $0.onPredictBegin() }
        var parts: [[Tensor]] = []
        while !stopRequest.isSet, parts.count < steps ?? .max, let run = try batch(parts.count) {
            try Task.checkCancellation()
            try list.batchBegin(parts.count, .predict)
            parts.append(try run())
            try list.batchEnd(parts.count - 1, .predict, [:])
            bar.update(parts.count) { [:] }
        }
        bar.finish([:])
        try list.each { try $0.onPredictEnd() }
        return try (parts.first ?? []).indices.map { output in
            try Tensor.concatenated(parts.map { $0[output] })
        }
    }

    /// Predicts for all samples in one step.
    ///
    /// - Returns: `float32 [count, …]`.
    public func predictOnBatch(_ x: Tensor) throws -> Tensor {
        try single(try predictOnBatch([x]))
    }

    /// Predicts with a model with several inputs or outputs in one step.
    @_disfavoredOverload
    public func predictOnBatch(_ x: [Tensor]) throws -> [Tensor] {
        let x = try batches(of: x)
        try check(inputs: x)
        return try predict(x, rows: Array(0..<x[0].shape[0])[...])
    }

    private func predict(_ x: [Tensor], rows: ArraySlice<Int>) throws -> [Tensor] {
        try during(.computing) {
            let types = x.map { $0.type(rows: rows.count) }
            let runner = try runner(.predict, inputs: types)
            let feed = { (runner: StepRunner) in
                for (index, tensor) in x.enumerated() {
                    runner.feed(StepGraph.inputName(index), tensor, rows: rows)
                }
            }
            feed(runner)
            if debugNumerics {
                let graph = StepGraph(
                    model: self, mode: .predict, inputs: types, targets: [], weights: [])
                try runWatching(runner, graph, feed: feed)
            } else {
                try runner.run()
            }
            try runner.requireOutputMemory()
            return runner.outputTensors
        }
    }

    private func single(_ tensors: [Tensor]) throws -> Tensor {
        guard tensors.count == 1, let first = tensors.first else {
            throw ModelError(
                .invalidArgument(
                    "the model has \(outputs.count) outputs, but one tensor is requested",
                    fix: "call predict with an array: model.predict([x])"))
        }
        return first
    }

    /// Predicts from named inputs.
    ///
    /// - Parameters:
    ///   - x: the samples for each of ``inputNames``.
    ///   - batchSize: the number of samples in a batch.
    ///   - verbose: how progress is shown.
    /// - Returns: for each of ``outputNames``, one row for each sample.
    /// - Throws: a ``ModelError`` if an input is missing or unknown, or the samples do not fit.
    public func predict(
        _ x: [String: Tensor], batchSize: Int = 32, verbose: Verbosity = .silent
    ) throws -> [String: Tensor] {
        let names = inputNames
        for name in x.keys.sorted() where !names.contains(name) {
            throw ModelError(
                .invalidArgument(
                    "the model has no input \(name)", fix: "use \(names.joined(separator: ", "))"))
        }
        let values = try names.map { name in
            guard let value = x[name] else {
                throw ModelError(
                    .invalidArgument(
                        "the input \(name) is missing", fix: "give a tensor for \(name)"))
            }
            return value
        }
        let outputs = try predict(values, batchSize: batchSize, verbose: verbose)
        return Dictionary(zip(outputNames, outputs)) { first, _ in first }
    }
}
