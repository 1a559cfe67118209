internal import StrataGraph

extension Model {
    /// Trains and evaluates the model with several ranks from now on, each on its share of every
    /// batch.
    ///
    /// The same program runs in each of them, and calls `fit`, `evaluate`, `trainOnBatch` and
    /// `testOnBatch` with the same arguments: the batch size is that of all ranks together. Gradients
    /// are summed over the ranks while the rest of them is computed (Li et al., 2020,
    /// arXiv:2006.15704), and what comes out is what one process computes with the whole batch, but
    /// for rounding, and for what compares samples of a batch: ``BatchNormalization`` that is not
    /// synchronized, ``MixUp``, ``CutMix`` and ``Equalization`` see the rank's own samples. All ranks start from rank 0's weights and random seeds. Only rank 0 calls
    /// callbacks and shows progress; what they do to weights, learning rate and the
    /// end of training holds for all, and where one of them evaluates or
    /// trains the model, it does so at rank 0 alone. Predictions stay on their rank.
    ///
    /// With one rank nothing changes.
    ///
    /// ```swift
    /// import StrataMPI
    ///
    /// try model.distribute(.mpi())
    /// try model.fit(x, y, batchSize: 256, epochs: 5)
    /// ```
    ///
    /// - Parameter distribution: the ranks, as of the product StrataMPI.
    /// - Throws: a ``ModelError`` if another thread trains the model.
    public func distribute(_ distribution: Distribution) throws {
        try during(.computing) {
            self.distribution = distribution
            rankSession = distribution.rankCount > 1 ? RankSession(distribution) : nil
            runners.removeAll()
        }
    }

    /// What the ranks have in common, if there are several.
    ///
    /// A callback that evaluates or trains the model does so at rank 0 alone, and on its own.
    var session: RankSession? { rankSession?.isDeciding == true ? nil : rankSession }

    /// The ranks that train the model, if there are several.
    var ranks: Distribution? { session?.distribution }

    /// Whether training is to end after this step; of several ranks, as all of them know it.
    var isStopping: Bool { session?.isStopping ?? stopRequest.isSet }

    /// Whether this process calls callbacks and shows progress.
    var isFirstRank: Bool { session?.isFirst ?? true }

    /// Does what callbacks want, at rank 0 of several, and gives the others the result.
    ///
    /// - Returns: rank 0's facts.
    @discardableResult
    func deciding(_ body: () throws -> [String: JSONValue]) throws -> [String: JSONValue] {
        guard let session else { return try body() }
        return try session.decide(for: self, body)
    }

    /// Does what all ranks do at the same time; an error of one of them ends it for all.
    func together<R>(_ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch {
            throw session?.ended(by: error) ?? error
        }
    }

    /// The variables that all ranks have in common, each once.
    var sharedVariables: [Variable] {
        let state = compilation?.optimizerState
        let optimizer = state.map { $0.variables + $0.shared + [$0.learningRate] } ?? []
        let metrics = (compilation?.trackers ?? []).flatMap(\.state)
        var known = Set<Variable>()
        return (allVariables + [stepCounter] + optimizer + metrics).filter {
            known.insert($0).inserted
        }
    }

    /// The layers with random values, each once.
    var randomLayers: [any SeededLayer] {
        var known = Set<ObjectIdentifier>()
        func found(_ layer: Layer) -> [any SeededLayer] {
            guard known.insert(ObjectIdentifier(layer)).inserted else { return [] }
            return ((layer as? any SeededLayer).map { [$0] } ?? [])
                + layer.sublayers.flatMap(found)
        }
        return found(self)
    }
}
