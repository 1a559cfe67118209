extension Normalization {
    /// Computes means and variances from the first input of a data set's batches.
    ///
    /// - Parameter data: read once; earlier statistics are replaced.
    /// - Throws: a ``GraphError`` if mean and variance are given or a batch does not fit, a
    ///   ``ModelError`` if there are no samples, or an error of reading data.
    public func adapt(_ data: any Dataset) throws {
        var batches = try data.batches(inEpoch: 0)
        var count = 0.0
        var (mean, squares): ([Double], [Double]) = ([], [])
        while let batch = try batches.next() {
            try Task.checkCancellation()
            guard let samples = batch.x.first, samples.count > 0 else { continue }
            try adapt(samples)
            guard let (batchMean, batchVariance) = try learned else { continue }
            if mean.isEmpty {
                mean = batchMean.map { _ in 0 }
                squares = mean
            }
            // All axes except the kept ones are reduced. Chan et al., 1979, for two parts of
            // samples.
            let added = Double(samples.count) / Double(max(mean.count, 1))
            for index in mean.indices {
                let distance = batchMean[index] - mean[index]
                squares[index] +=
                    batchVariance[index] * added
                    + distance * distance * count * added / (count + added)
                mean[index] += distance * added / (count + added)
            }
            count += added
        }
        guard count > 0 else { throw ModelError(.noSamples) }
        try learn(mean: mean, variance: squares.map { $0 / count })
    }

    private var learned: (mean: [Double], variance: [Double])? {
        get throws {
            guard let mean = variable("mean"), let variance = variable("variance") else {
                return nil
            }
            return try (
                mean.value.scalars.map(Double.init), variance.value.scalars.map(Double.init)
            )
        }
    }

    private func learn(mean: [Double], variance: [Double]) throws {
        for (name, numbers) in [("mean", mean), ("variance", variance)] {
            guard let variable = variable(name) else { continue }
            try variable.assign(Tensor(numbers.map { Float($0) }, shape: variable.shape))
        }
    }
}
