internal import StrataEngine

extension Model {
    /// What the model computes for samples in memory.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`.
    ///   - batchSize: samples in a step, 1 or more.
    ///   - verbose: how progress is shown.
    ///   - callbacks: what looks on.
    /// - Returns: `float32 [count, …]`.
    /// - Throws: a ``ModelError`` where the data does not fit the model, or the model has several
    ///   outputs; a ``GraphError`` where an image is too small for the model.
    public func predict(
        _ x: Tensor, batchSize: Int = 32, verbose: Verbosity = .silent, callbacks: [Callback] = []
    ) throws -> Tensor {
        try single(
            try predict([x], batchSize: batchSize, verbose: verbose, callbacks: callbacks))
    }

    /// What a model with several inputs or outputs computes.
    ///
    /// - Returns: one tensor for each output.
    public func predict(
        _ x: [Tensor], batchSize: Int = 32, verbose: Verbosity = .silent,
        callbacks: [Callback] = []
    ) throws -> [Tensor] {
        guard batchSize > 0 else {
            throw ModelError(.invalidArgument("batchSize is \(batchSize)", fix: "use 1 or more"))
        }
        try check(inputs: x)
        stopRequest.clear()
        let count = x[0].shape[0]
        let steps = (count + batchSize - 1) / batchSize
        let list = CallbackList(callbacks, model: self, steps: steps, verbosity: verbose)
        var bar = ProgressDisplay(list.ownVerbosity(verbose), title: nil, steps: steps)
        try list.each { try $0.onPredictBegin() }
        var parts: [[Tensor]] = []
        let rows = Array(0..<count)
        for start in stride(from: 0, to: count, by: batchSize) {
            if stopRequest.isSet { break }
            try list.batchBegin(parts.count, .predict)
            parts.append(try predict(x, rows: rows[start..<min(start + batchSize, count)]))
            try list.batchEnd(parts.count - 1, .predict, [:])
            bar.update(parts.count) { [:] }
        }
        bar.finish([:])
        try list.each { try $0.onPredictEnd() }
        return (parts.first ?? []).indices.compactMap { output in
            Tensor.concatenated(parts.map { $0[output] })
        }
    }

    /// What the model computes for all samples in one step.
    ///
    /// - Returns: `float32 [count, …]`.
    public func predictOnBatch(_ x: Tensor) throws -> Tensor {
        try single(try predictOnBatch([x]))
    }

    /// What a model with several inputs or outputs computes in one step.
    public func predictOnBatch(_ x: [Tensor]) throws -> [Tensor] {
        try check(inputs: x)
        return try predict(x, rows: Array(0..<x[0].shape[0])[...])
    }

    private func predict(_ x: [Tensor], rows: ArraySlice<Int>) throws -> [Tensor] {
        let runner = try runner(.predict, inputs: x.map { $0.type(rows: rows.count) })
        for (index, tensor) in x.enumerated() {
            runner.feed(StepGraph.inputName(index), tensor, rows: rows)
        }
        try runner.run()
        return outputs.indices.map { runner.executable.outputTensor($0) }
    }

    private func single(_ tensors: [Tensor]) throws -> Tensor {
        guard tensors.count == 1, let first = tensors.first else {
            throw ModelError(
                .invalidArgument(
                    "the model has \(outputs.count) outputs, but one tensor is asked for",
                    fix: "call predict with an array: model.predict([x])"))
        }
        return first
    }
}
